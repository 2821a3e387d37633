import { describe, expect, it } from 'vitest';
import { fc } from '../support/property.ts';
import { parseRequestHead, requestFraming } from '../../electron/engine/http/request-head.ts';
import type { ParsedHead } from '../../electron/engine/http/request-head.ts';
import { parseTarget } from '../../electron/engine/http/request-target.ts';

const lines = (...all: string[]): string => all.join('\r\n');

function head(text: string): ParsedHead {
  const parsed = parseRequestHead(text);
  if ('error' in parsed) throw new Error(parsed.detail);
  return parsed;
}

describe('request head (RFC 9112 §3, §5)', () => {
  it('keeps order, case, repeats and bytes above ASCII of fields', () => {
    expect(parseRequestHead(lines('GET /a?b HTTP/1.1', 'HOST: x', 'x-A: 1', 'X-a:2 ', 'B:\t\xe9'))).toEqual({
      ...{ method: 'GET', target: '/a?b', version: '1.1' },
      headers: ['HOST', 'x', 'x-A', '1', 'X-a', '2', 'B', '\xe9'],
    });
  });

  it.each([
    ['GET / HTTP/1.0', '1.0'],
    ['GET / HTTP/1.1', '1.1'],
    ['GET / HTTP/1.7', '1.1'],
  ])('reads %s as version %s', (line, version) => {
    expect(head(line).version).toBe(version);
  });

  it.each([
    ['GET /', 'MALFORMED_REQUEST_LINE'],
    ['GET  HTTP/1.1', 'BAD_TARGET'],
    ['GET / http/1.1', 'MALFORMED_REQUEST_LINE'],
    ['GET /a b HTTP/1.1', 'BAD_TARGET'],
    ['G@T / HTTP/1.1', 'MALFORMED_REQUEST_LINE'],
    [' GET / HTTP/1.1', 'MALFORMED_REQUEST_LINE'],
    ['GET / HTTP/2.0', 'VERSION_NOT_SUPPORTED'],
    ['GET /\x01 HTTP/1.1', 'BAD_TARGET'],
    ['GET / HTTP/1.1\r\nno colon', 'MALFORMED_HEADER'],
    ['GET / HTTP/1.1\r\nA : b', 'MALFORMED_HEADER'],
    ['GET / HTTP/1.1\r\nA: b\r\n folded', 'MALFORMED_HEADER'],
    ['GET / HTTP/1.1\r\n: b', 'MALFORMED_HEADER'],
    ['GET / HTTP/1.1\r\nA: b\0c', 'MALFORMED_HEADER'],
    ['GET / HTTP/1.1\r\nA: b\rc', 'MALFORMED_HEADER'],
    ['GET / HTTP/1.1\r\nA: b\nX: y', 'MALFORMED_HEADER'],
  ])('refuses %j as %s', (text, error) => {
    expect(parseRequestHead(text)).toMatchObject({ error });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii', maxLength: 200 }), (text) => void parseRequestHead(text)));
  });

  it('reads back every head made of valid parts', () => {
    const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
    const value = fc.stringMatching(/^([!-~]([ -~]{0,20}[!-~])?)?$/);
    const target = fc.stringMatching(/^\/[!-~]{0,30}$/);
    fc.assert(
      fc.property(token, target, fc.array(fc.tuple(token, value), { maxLength: 8 }), (method, path, fields) => {
        const text = lines(`${method} ${path} HTTP/1.1`, ...fields.map(([name, content]) => `${name}: ${content}`));
        expect(parseRequestHead(text)).toEqual({ method, target: path, version: '1.1', headers: fields.flat() });
      }),
    );
  });
});

describe('request framing (RFC 9112 §6)', () => {
  const framing = (...fields: string[]): unknown =>
    requestFraming(head(lines('POST / HTTP/1.1', 'Host: a', ...fields)));

  it.each([
    [[], { kind: 'none' }],
    [['Content-Length: 0'], { kind: 'none' }],
    [['Content-Length: 12'], { kind: 'length', length: 12 }],
    [['Content-Length: 12', 'content-length: 12'], { kind: 'length', length: 12 }],
    [['Content-Length: 12, 12'], { kind: 'length', length: 12 }],
    [['Transfer-Encoding: chunked'], { kind: 'chunked' }],
    [['Transfer-Encoding: Chunked'], { kind: 'chunked' }],
  ])('%j → %j', (fields, expected) => {
    expect(framing(...fields)).toEqual(expected);
  });

  it.each([
    [['Content-Length: 12', 'Content-Length: 13'], 'BAD_FRAMING'],
    [['Content-Length: +1'], 'BAD_FRAMING'],
    [['Content-Length: 0x10'], 'BAD_FRAMING'],
    [['Content-Length: -1'], 'BAD_FRAMING'],
    [['Content-Length:'], 'BAD_FRAMING'],
    [['Content-Length: 99999999999999999999'], 'BAD_FRAMING'],
    [['Content-Length: 5', 'Transfer-Encoding: chunked'], 'BAD_FRAMING'],
    [['Transfer-Encoding: chunked, chunked'], 'BAD_FRAMING'],
    [['Transfer-Encoding: chunked, gzip'], 'BAD_FRAMING'],
    [['Transfer-Encoding:'], 'BAD_FRAMING'],
    [['Transfer-Encoding: gzip'], 'UNKNOWN_TRANSFER_CODING'],
    [['Transfer-Encoding: gzip, chunked'], 'UNKNOWN_TRANSFER_CODING'],
    [['Transfer-Encoding: identity'], 'UNKNOWN_TRANSFER_CODING'],
  ])('refuses %j as %s', (fields, error) => {
    expect(framing(...fields)).toMatchObject({ error });
  });

  it('refuses Transfer-Encoding in HTTP/1.0', () => {
    expect(requestFraming(head('POST / HTTP/1.0\r\nTransfer-Encoding: chunked'))).toMatchObject({
      error: 'BAD_FRAMING',
    });
  });
});

describe('request target (RFC 9112 §3.2)', () => {
  const target = (line: string, host = 'Host: a.example'): unknown =>
    parseTarget(head(lines(`${line} HTTP/1.1`, host)));

  it.each([
    ['GET /x?y', { path: '/x?y' }],
    ['OPTIONS *', { path: '*' }],
    ['GET //x', { path: '//x' }],
  ])('%s has no origin of its own', (line, expected) => {
    expect(target(line)).toEqual(expected);
  });

  it.each([
    ['GET http://A.example/x', 'a.example', 80, 'a.example', '/x'],
    ['GET http://a.example:80/', 'a.example', 80, 'a.example', '/'],
    ['GET http://a.example:8080?q', 'a.example', 8080, 'a.example:8080', '/?q'],
    ['GET https://a.example', 'a.example', 443, 'a.example', '/'],
    ['GET HTTP://[::1]:81/', '::1', 81, '[::1]:81', '/'],
    ['CONNECT a.example:443', 'a.example', 443, 'a.example:443', ''],
  ])('%s', (line, hostname, port, authority, path) => {
    expect(target(line)).toMatchObject({ hostname, port, authority, path });
  });

  it.each([
    ['GET ftp://a/', 'UNSUPPORTED_SCHEME'],
    ['GET a/b', 'BAD_TARGET'],
    ['GET *', 'BAD_TARGET'],
    ['GET /a#b', 'BAD_TARGET'],
    ['GET http:///x', 'BAD_TARGET'],
    ['GET http://a:0/', 'BAD_TARGET'],
    ['GET http://a:65536/', 'BAD_TARGET'],
    ['GET http://a:x/', 'BAD_TARGET'],
    ['GET http://u:p@a/', 'BAD_TARGET'],
    ['GET http://a<b/', 'BAD_TARGET'],
    ['CONNECT a.example', 'BAD_TARGET'],
    ['CONNECT /x', 'BAD_TARGET'],
  ])('refuses %s as %s', (line, error) => {
    expect(target(line)).toMatchObject({ error });
  });

  it.each([['Host: a b'], ['Host: a/b'], ['Host: a\r\nHost: a'], ['X: no host']])('refuses %j', (host) => {
    expect(target('GET /', host)).toMatchObject({ error: 'BAD_HOST' });
  });

  it('takes an HTTP/1.0 request without Host', () => {
    expect(parseTarget(head('GET / HTTP/1.0'))).toEqual({ path: '/' });
  });
});
