import { describe, expect, it } from 'vitest';
import { parseResponseHead } from '../../electron/engine/http/received-response.ts';

describe('RFC 9112 §9.3: whether a connection can be used again', () => {
  it.each<[string, string, string[], boolean]>([
    ['HTTP/1.1', '1.1', ['Content-Length: 3'], true],
    ['HTTP/1.1 that says close', '1.1', ['Content-Length: 3', 'Connection: Close'], false],
    ['HTTP/1.1 whose body ends with its connection', '1.1', [], false],
    ['HTTP/1.1 with chunks', '1.1', ['Transfer-Encoding: chunked'], true],
    ['HTTP/1.1 whose last coding is not chunked', '1.1', ['Transfer-Encoding: gzip'], false],
    ['HTTP/1.0', '1.0', ['Content-Length: 3'], false],
    ['HTTP/1.0 that says keep-alive', '1.0', ['Content-Length: 3', 'Connection: foo, keep-alive'], true],
    // It knows no transfer codings: its framing cannot be trusted (§6.1).
    ['HTTP/1.0 with chunks', '1.0', ['Transfer-Encoding: chunked', 'Connection: keep-alive'], false],
  ])('%s', (_what, version, lines, persists) => {
    const head = parseResponseHead([`HTTP/${version} 200 OK`, ...lines].join('\r\n'), 'GET');
    expect(head).toMatchObject({ version, persists });
  });
});

describe('RFC 9112 §7: the transfer coding of a body', () => {
  it.each([
    ['chunked', 'chunked', undefined],
    ['gzip, chunked', 'chunked', 'gzip'],
    ['X-Gzip,chunked', 'chunked', 'x-gzip'],
    ['deflate', 'close', 'deflate'],
    ['identity, chunked', 'chunked', undefined],
  ])('of "%s" is told apart from the framing', (value, kind, coding) => {
    const head = parseResponseHead(`HTTP/1.1 200 OK\r\nTransfer-Encoding: ${value}`, 'GET');
    expect(head).toEqual(expect.objectContaining({ framing: { kind }, ...(coding === undefined ? {} : { coding }) }));
    expect('coding' in head).toBe(coding !== undefined);
  });

  it.each(['foo, gzip', 'compress, chunked', 'chunked, gzip', 'chunked, chunked', 'gzip, gzip, chunked'])(
    'of "%s" cannot be undone',
    (value) => {
      const text = `HTTP/1.1 200 OK\r\nTransfer-Encoding: ${value}`;
      expect(parseResponseHead(text, 'GET')).toMatchObject({ error: 'TRANSFER_CODING' });
      expect(parseResponseHead(text, 'HEAD')).toMatchObject({ framing: { kind: 'none' } });
    },
  );

  it.each([
    ['foo', 'close'],
    ['foo, chunked', 'chunked'],
  ])('of "%s" has a name that nobody knows', (value, kind) => {
    const head = parseResponseHead(`HTTP/1.1 200 OK\r\nTransfer-Encoding: ${value}`, 'GET');
    expect(head).toMatchObject({ framing: { kind }, unknownCoding: value });
    expect(head).not.toHaveProperty('coding');
  });
});
