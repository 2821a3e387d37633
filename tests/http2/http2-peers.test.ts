import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { startHttp2Origin } from '../support/http2-origin.ts';
import { startOrigin } from '../support/origin.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';

describe.runIf(hasCommand('curl', '--version'))('curl with HTTP/2 by prior knowledge', () => {
  it('gets answers, sends bodies and sees trailers', async () => {
    const origin = await startOrigin((request, response) => {
      response.writeHead(200, { Trailer: 'X-Sum' });
      request.pipe(response, { end: false });
      request.on('end', () => {
        response.addTrailers({ 'X-Sum': '42' });
        response.end(` to ${request.url}`);
      });
    });
    const test = await startEngine({ upstream: origin.url });
    const args = ['-sS', '-i', '--noproxy', '*', '--http2-prior-knowledge', '--data', 'hello', `${test.url}/page`];
    expect((await runCommand('curl', args)).stdout).toMatch(/^HTTP\/2 200 [^]*hello to \/pagex-sum: 42\r\n/);
    expect(await test.finished()).toMatchObject({ version: 'HTTP/2', method: 'POST', requestBytes: 5 });
  });

  it('is told of an upstream that is not there', async () => {
    const test = await startEngine();
    const args = ['-sS', '-i', '--noproxy', '*', '--http2-prior-knowledge', test.url];
    expect((await runCommand('curl', args)).stdout).toMatch(/^HTTP\/2 404 [^]*NO_UPSTREAM/);
  });
});

describe.runIf(hasCommand('nghttp', '--version'))('nghttp', () => {
  it('gets several pages on one connection, in the clear and by TLS on the same port', async () => {
    const origin = await startOrigin((request, response) => response.end(`page ${request.url};`));
    const test = await startEngine({ upstream: origin.url });
    const { host } = new URL(test.url);
    for (const scheme of ['http', 'https']) {
      const urls = ['/a', '/b', '/c'].map((path) => `${scheme}://${host}${path}`);
      const { stdout } = await runCommand('nghttp', ['--no-verify-peer', ...urls]);
      expect(stdout.split(';').sort()).toEqual(['', 'page /a', 'page /b', 'page /c']);
      const rows = await Promise.all(urls.map(() => test.finished()));
      expect(new Set(rows.map(({ connection }) => connection)).size).toBe(1);
      expect(rows.map(({ version }) => version)).toEqual(['HTTP/2', 'HTTP/2', 'HTTP/2']);
    }
  });

  it('sends a body with trailers, to an origin that speaks HTTP/2 as well', async () => {
    const origin = await startHttp2Origin((stream) => {
      stream.on('trailers', (fields: object) => {
        stream.respond({ ':status': 200 });
        stream.end(JSON.stringify(fields));
      });
      stream.resume();
    });
    const test = await startEngine({ upstream: origin.url });
    const args = [`--data=${import.meta.filename}`, '--trailer=x-digest: abc', `${test.url}/up`];
    expect((await runCommand('nghttp', args)).stdout).toBe('{"x-digest":"abc"}');
  });
});
