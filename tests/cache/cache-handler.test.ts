import type { IncomingMessage, RequestListener } from 'node:http';
import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { decisionSentence } from '../../shared/decision.ts';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';
import type { TestOrigin } from '../support/origin.ts';
import { startOrigin } from '../support/origin.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Sends one request to the proxy in reverse mode. */
function get(engine: TestEngine, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port: engine.port, path, headers, method, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

async function start(
  listener: RequestListener,
): Promise<{
  proxy: TestEngine;
  origin: TestOrigin;
  ask: (path: string, headers?: Record<string, string>, method?: string) => Promise<Answer>;
}> {
  const origin = await startOrigin(listener);
  const proxy = await startEngine({ upstream: origin.url, settings: { cache: { mode: 'shared' } } });
  return { proxy, origin, ask: (path, headers, method) => get(proxy, path, headers, method) };
}

describe('the cache handler', () => {
  it('answers a fresh response from the store, with Age and Cache-Status', async () => {
    let count = 0;
    const { proxy, ask } = await start((_request, response) => {
      count++;
      response.setHeader('Cache-Control', 'max-age=60');
      response.end(`answer ${count}`);
    });
    const first = await ask('/a');
    const second = await ask('/a');
    expect([first.body, second.body, count]).toEqual(['answer 1', 'answer 1', 1]);
    expect(second.headers.age).toBe('0');
    expect(second.headers['cache-status']).toMatch(/^Hopscope; hit; ttl=60; key="http:/);
    expect(first.headers['cache-status']).toMatch(/^Hopscope; fwd=uri-miss; fwd-status=200; ttl=60; stored; key=/);
    const miss = await proxy.finished();
    const hit = await proxy.finished();
    expect(miss.decision?.verdict).toBe('MISS');
    expect(hit.decision?.verdict).toBe('HIT');
    console.log(decisionSentence(miss.decision!), '\n', decisionSentence(hit.decision!));
  });
});
