import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { curlCommand } from '../../renderer/format/curl-command.ts';
import { fetchCall } from '../../renderer/format/fetch-call.ts';
import { copiedRequest } from '../../renderer/views/request-list/copied-request.ts';
import type { InspectorApi } from '../../shared/contract.ts';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import { startOrigin } from '../support/origin.ts';
import { hasCommand } from '../support/run-command.ts';

const t = createTranslate('en', en);
const run = promisify(execFile);
const withoutCurl = !hasCommand('curl', '--version');

interface Arrived {
  readonly line: string;
  readonly type: string | undefined;
  readonly body: Buffer;
}

/** An origin that keeps what it was sent. */
async function listen(): Promise<{ readonly url: string; readonly arrived: Arrived[] }> {
  const arrived: Arrived[] = [];
  const { url } = await startOrigin((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url: target = '', headers } = request;
      arrived.push({ line: `${method} ${target}`, type: headers['content-type'], body: Buffer.concat(pieces) });
      response.end();
    });
  });
  return { url, arrived };
}

const json = ['Content-Type', 'application/json'];
const binary = Buffer.from(Array.from({ length: 512 }, (_, place) => place % 256));
const form = '--x\r\nContent-Disposition: form-data; name="it\'s"\r\n\r\n\tvalue\r\n--x--\r\n';
const bodies: readonly (readonly [what: string, headers: readonly string[], body: Buffer])[] = [
  ['JSON with quotes and line breaks', json, Buffer.from('{\n  "it\'s": "\\"a\\" $HOME `id` \\\\ !! 名前 🎉"\n}\n')],
  ['what looks like the name of a file', json, Buffer.from('@/etc/hostname')],
  ['a form in parts', ['Content-Type', 'multipart/form-data; boundary=x'], Buffer.from(form)],
  ['characters that move a cursor', json, Buffer.from('\u001b[2J\u0085!\u007fab')],
  ['bytes of every kind', ['Content-Type', 'application/octet-stream'], binary],
  ['a coded body', [...json, 'Content-Encoding', 'gzip'], gzipSync('{"a":1}')],
];

describe('a request that is copied', () => {
  test.skipIf(withoutCurl).each(bodies)('as a command of curl sends %s', async (_what, headers, body) => {
    const { url, arrived } = await listen();
    await run('bash', ['-c', curlCommand('PUT', `${url}/a?b=c&d`, [...headers], body)]);
    expect(arrived).toEqual([{ line: 'PUT /a?b=c&d', type: headers[1], body }]);
  });

  test.each(bodies)('as a call of fetch sends %s', async (_what, headers, body) => {
    const { url, arrived } = await listen();
    await run(process.execPath, ['--input-type=module', '-e', fetchCall('PUT', `${url}/a?b=c&d`, [...headers], body)]);
    expect(arrived).toEqual([{ line: 'PUT /a?b=c&d', type: headers[1], body }]);
  });

  test.skipIf(withoutCurl)('keeps method, type and URL when curl would choose others', async () => {
    const { url, arrived } = await listen();
    const body = Buffer.from('a');
    await run('bash', ['-c', curlCommand('GET', `${url}/../a/./{b,c}[1-2]`, [], body)]);
    await run('bash', ['-c', curlCommand('HEAD', `${url}/`, [], body)]);
    expect(arrived).toEqual([
      { line: 'GET /../a/./{b,c}[1-2]', type: undefined, body },
      { line: 'HEAD /', type: undefined, body: Buffer.alloc(0) },
    ]);
  });

  test('goes without a body that was not recorded, and says so', async () => {
    const read = (length: number): Promise<unknown> => Promise.resolve({ ok: true, value: new Uint8Array(length) });
    const api = { request: (_name: string, { length }: { length: number }) => read(length) } as unknown as InspectorApi;
    const copied = async (
      requestBytes: number,
      body?: ExchangeView['request']['body'],
    ): Promise<string | undefined> => {
      const request = { headers: [], ...(body === undefined ? {} : { body }) };
      const view = { id: 1, method: 'POST', url: 'http://x/', requestBytes, request } as unknown as ExchangeView;
      const { text, note } = await copiedRequest(t, api, view, 'curl');
      expect(text.includes('--data')).toBe(note === undefined && requestBytes > 0);
      return note;
    };
    expect(await copied(0)).toBeUndefined();
    expect(await copied(3, { captured: 3 })).toBeUndefined();
    expect(await copied(3)).toMatch(/^Copied without the body, of which not all/);
    expect(await copied(3, { captured: 2, truncated: 'cap' })).toMatch(/^Copied without the body, of which not all/);
    expect(await copied(200_000, { captured: 200_000 })).toBe(
      'Copied without the body: 200 kB are too much for a command.',
    );
  });
});
