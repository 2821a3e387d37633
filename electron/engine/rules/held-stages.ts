import type { EditedRequest } from '../../../shared/resend-contract.ts';
import type { ReleaseOrder } from '../../../shared/rules-contract.ts';
import type { HeldStage, ReleasedHow } from '../../../shared/trace-event.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { editedHead, editedReply, editedUrl, orderProblem, textBody } from './edited-message.ts';
import type { HeldExchanges, Holding } from './held-exchanges.ts';
import type { HeldBytes } from './held-message.ts';
import { heldRequest, heldResponse, peekInto } from './held-message.ts';
import { ownReply } from './own-reply.ts';
import { PeekedBody } from './peeked-body.ts';
import type { Reroute } from './reroute.ts';
import { moveTo } from './reroute.ts';

/** What holding an exchange needs. */
export interface HoldingServices {
  readonly held: HeldExchanges;
  readonly reroute: Reroute;
}

/** Holds the request until a person releases it; resolves with the answer that it is given instead of its server's, if any. */
export async function holdRequest(x: Exchange, rule: string, services: HoldingServices): Promise<Reply | undefined> {
  const { body } = x;
  const peeked = body === null ? null : peekInto(body.stream, body.length);
  // From now on only its whole can be passed on.
  if (body !== null && peeked !== null) {
    const passed = { length: body.length, stream: peeked, trailers: () => body.trailers() };
    x.replaceRequest({ request: x.request, route: x.route, body: passed });
  }
  const order = await hold(x, 'request', services, {
    rule,
    read: () => heldRequest(x.request, peeked, body?.length),
    problemOf: (wanted) => orderProblem(wanted, 'request', x.request),
  });
  if (order.type === 'answer') {
    await peeked?.return();
    const { status, headers, body: content } = order.response;
    return ownReply(x.received, { status, headers, text: typeof content === 'object' ? content.text : '' });
  }
  if (order.request !== undefined) await edit(x, order.request, peeked, services.reroute);
  return undefined;
}

/** Holds the response until a person releases it; resolves with what it is then. */
export async function holdResponse(x: Exchange, rule: string, services: HoldingServices, reply: Reply): Promise<Reply> {
  const { memo: _memo, ...own } = reply;
  const body: HeldBytes =
    reply.body === null || reply.body instanceof Uint8Array ? reply.body : peekInto(reply.body, undefined);
  try {
    const order = await hold(x, 'response', services, {
      rule,
      read: () => heldResponse(reply, body),
      problemOf: (wanted) => orderProblem(wanted, 'response', x.request),
    });
    const edited = order.response;
    if (edited === undefined) return { ...own, body };
    if (edited.body !== 'kept') await letGo(body);
    return editedReply(reply, edited, body);
  } catch (error) {
    await letGo(body);
    throw error;
  }
}

type Going = Exclude<ReleaseOrder, { type: 'abort' }>;

/** Waits for an order that lets it go on. Throws when there is nobody left to go on for. */
async function hold(x: Exchange, stage: HeldStage, { held }: HoldingServices, holding: Holding): Promise<Going> {
  const { trace } = x;
  const start = trace.now();
  trace.held(stage);
  const order = await held.hold(x, holding);
  trace.released(stage, howOf(order));
  trace.span('handler', 'paused', start, { handler: 'rules', detail: holding.rule });
  if (order === 'gone') throw new ExchangeError('CLIENT_GONE', 'rules', x.aborted?.message);
  if (order.type === 'abort') {
    x.drop('It was paused, and ended by hand.');
    throw new ExchangeError('BLOCKED', 'rules');
  }
  return order;
}

function howOf(order: ReleaseOrder | 'gone'): ReleasedHow {
  if (order === 'gone' || order.type === 'abort') return 'aborted';
  if (order.type === 'answer') return 'answered';
  return order.request === undefined && order.response === undefined ? 'continued' : 'edited';
}

async function edit(x: Exchange, edited: EditedRequest, peeked: PeekedBody | null, reroute: Reroute): Promise<void> {
  const url = editedUrl(edited, x.request);
  const { body: wanted } = edited;
  if (wanted !== 'recorded') await peeked?.return();
  const body = wanted === 'recorded' ? x.body : wanted === 'none' ? null : textBody(wanted.text);
  x.replaceRequest({ request: editedHead(x.request, edited, body?.length), body, route: x.route });
  if (url !== undefined) moveTo(x, url, reroute);
}

async function letGo(body: HeldBytes): Promise<void> {
  if (body instanceof PeekedBody) await body.return();
}
