import { once } from 'node:events';
import { request as nodeRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ReleaseOrder } from '../../shared/rules-contract.ts';
import type { RuleInput } from '../../shared/rules.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import { startEngine } from './engine.ts';
import type { TestEngine } from './engine.ts';
import { startOrigin } from './origin.ts';
import type { TestOrigin } from './origin.ts';

type At = 'request' | 'response' | 'both';
/** A rule that pauses everything. */
export const pause = (at: At, more: Partial<RuleInput> = {}): RuleInput => ({
  name: 'Stop',
  action: { type: 'pause', at },
  ...more,
});
export const CONTINUE: ReleaseOrder = { type: 'continue' };

/** An engine that pauses everything, with somebody there to let it go on. */
export async function pausing(at: At, upstream?: string): Promise<TestEngine> {
  const test = await startEngine({ settings: { rules: [pause(at)] }, ...(upstream === undefined ? {} : { upstream }) });
  test.engine.held.attend(true);
  return test;
}

/** The id of the first exchange, or of the one after `last`, that is held. */
export async function held({ event }: TestEngine, stage?: 'request' | 'response', last = 0): Promise<number> {
  const isHeld = (one: TraceEvent): boolean =>
    one.type === 'exchange.held' && one.id > last && one.stage === (stage ?? one.stage);
  return (await event(isHeld)).id;
}

/** A request under way, and its answer to come. */
export interface Asked {
  readonly sent: ClientRequest;
  readonly answer: Promise<{ status: number; headers: IncomingMessage['headers']; body: string }>;
}

/** Asks through the proxy, for an absolute URL or for a path of its own. */
export function asking(
  { port }: TestEngine,
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {},
): Asked {
  const sent = nodeRequest({ host: '127.0.0.1', port, path: url, method, headers, agent: false }).end(body);
  const answer = once(sent, 'response').then(async ([response]: unknown[]) => {
    const { statusCode = 0, headers: fields } = response as IncomingMessage;
    return { status: statusCode, headers: fields, body: await text(response as IncomingMessage) };
  });
  answer.catch(() => undefined);
  return { sent, answer };
}

/** An origin that tells what it was asked. */
export const teller = (): Promise<TestOrigin> =>
  startOrigin((request, response) => {
    void text(request).then((body) => {
      const { method, url, headers } = request;
      const { host, 'x-mark': mark, 'content-length': length } = headers;
      response.setHeader('X-Origin', 'yes');
      response.end(JSON.stringify({ method, url, host, mark, length, body }));
    });
  });
