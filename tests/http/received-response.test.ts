import { describe, expect, it } from 'vitest';
import { parseResponseHead } from '../../electron/engine/http/received-response.ts';

describe('RFC 9112 §9.3: whether a connection can be used again', () => {
  it.each<[string, string, string[], boolean]>([
    ['HTTP/1.1', '1.1', ['Content-Length: 3'], true],
    ['HTTP/1.1 that says close', '1.1', ['Content-Length: 3', 'Connection: Close'], false],
    ['HTTP/1.1 whose body ends with its connection', '1.1', [], false],
    ['HTTP/1.1 with chunks', '1.1', ['Transfer-Encoding: chunked'], true],
    ['HTTP/1.1 with an unknown last coding', '1.1', ['Transfer-Encoding: chunked, foo'], false],
    ['HTTP/1.0', '1.0', ['Content-Length: 3'], false],
    ['HTTP/1.0 that says keep-alive', '1.0', ['Content-Length: 3', 'Connection: foo, keep-alive'], true],
    // It knows no transfer codings: its framing cannot be trusted (§6.1).
    ['HTTP/1.0 with chunks', '1.0', ['Transfer-Encoding: chunked', 'Connection: keep-alive'], false],
  ])('%s', (_what, version, lines, persists) => {
    const head = parseResponseHead([`HTTP/${version} 200 OK`, ...lines].join('\r\n'), 'GET');
    expect(head).toMatchObject({ version, persists });
  });
});
