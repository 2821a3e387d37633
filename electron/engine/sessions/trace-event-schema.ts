import * as v from 'valibot';
import { CACHE_MODES } from '../../../shared/decision.ts';
import type { Decision } from '../../../shared/decision.ts';
import { MESSAGE_KINDS } from '../../../shared/messages.ts';
import type { MessageFacts } from '../trace/session-item.ts';
import { RULE_ACTIONS } from '../../../shared/rule-actions.ts';
import type { TraceEvent } from '../../../shared/trace-event.ts';
import { FRAME_PROBLEMS } from '../../../shared/websocket.ts';

/**
 * What events from a file must look like. A file may come from anybody, and what is in it ends up in records, which hold
 * numbers of 32 and 64 bits, and in front of people. Unknown properties are dropped.
 */
const text = v.string();
const number = v.pipe(v.number(), v.finite());
// Half of what a Date can hold: added to when a run began, it is still a time.
const time = v.pipe(v.number(), v.minValue(-4e15), v.maxValue(4e15));
const integer = v.pipe(v.number(), v.integer(), v.minValue(-(2 ** 31)), v.maxValue(2 ** 31 - 1));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const flag = v.boolean();
const optional = <S extends v.GenericSchema>(schema: S) => v.exactOptional(schema);
const headers = v.pipe(
  v.array(text),
  v.check((list) => list.length % 2 === 0, 'fields are names and values in turn'),
);

const base = { seq: whole, id: whole, at: time };
const truncated = v.picklist(['cap', 'backlog', 'aborted']);
const capture = v.object({ captured: whole, truncated: optional(truncated) });
const messageCounts = v.object({ sent: whole, received: whole, lost: whole });
const parties = v.picklist(['client', 'upstream', 'hopscope']);

const stage = v.picklist(['request', 'response']);

const step = v.object({
  ...{ rule: text, source: text, evidence: text, effect: text, say: optional(text), departure: optional(flag) },
  decides: optional(v.picklist(['answer', 'storing'])),
  fields: optional(
    v.array(v.object({ side: v.picklist(['request', 'stored', 'response']), name: text, directive: optional(text) })),
  ),
});

export const decisionSchema: v.GenericSchema<unknown, Decision> = v.object({
  verdict: v.picklist(['HIT', 'MISS', 'REVALIDATED', 'STALE', 'BYPASS', 'ERROR']),
  hit: flag,
  fwd: optional(v.picklist(['bypass', 'method', 'uri-miss', 'vary-miss', 'miss', 'request', 'stale', 'partial'])),
  ...{ fwdStatus: optional(number), ttl: optional(number), age: optional(number), lifetime: optional(number) },
  ...{ stored: optional(flag), collapsed: optional(flag), key: optional(text), detail: optional(text) },
  mode: v.picklist(CACHE_MODES),
  steps: v.array(step),
  nearMiss: optional(v.object({ key: text, field: text, stored: text, requested: text, why: text })),
});

const certificate = v.object({
  ...{ subject: text, issuer: text, names: v.array(text), validFrom: number, validTo: number },
  ...{ serial: text, fingerprint: text },
});
const clientTls = v.object({
  ...{ version: text, cipher: text, alpn: text, serverName: text, resumed: flag, start: time, end: time },
});
const upstreamTls = v.object({
  ...{ version: text, cipher: text, alpn: optional(text), serverName: optional(text) },
  ...{ resumed: flag, verified: flag, problem: optional(text), chain: v.array(certificate) },
});

export const outcomeSchema = v.variant('kind', [
  v.object({ kind: v.literal('completed') }),
  v.object({ kind: v.literal('failed'), code: text, phase: text, message: text }),
  v.object({ kind: v.literal('aborted'), by: parties, phase: text, message: text }),
]);

const event = v.variant('type', [
  v.object({
    ...{ type: v.literal('exchange.started'), ...base, method: text, url: text, version: text, client: text },
    kind: v.picklist(['http', 'websocket', 'tunnel', 'malformed']),
    ...{ connection: integer, nth: integer, parent: optional(whole), session: optional(text) },
    replay: optional(v.literal(true)),
  }),
  v.object({ type: v.literal('request.head'), ...base, target: text, headers }),
  v.object({ type: v.literal('client.secured'), ...base, tls: clientTls }),
  v.object({
    type: v.literal('request.ended'),
    ...{ ...base, bytes: whole, body: optional(capture), trailers: optional(headers) },
  }),
  v.object({ type: v.literal('upstream.request'), ...base, method: text, target: text, headers }),
  v.object({ type: v.literal('upstream.response'), ...base, status: integer, reason: text, headers }),
  v.object({ type: v.literal('cache.decided'), ...base, decision: decisionSchema }),
  v.object({ type: v.literal('response.informational'), ...base, status: integer, headers }),
  v.object({
    ...{ type: v.literal('response.started'), ...base, status: integer, reason: text, contentType: text, headers },
    ...{ from: v.picklist(['upstream', 'cache', 'hopscope']), upstream: optional(text), remote: optional(text) },
  }),
  v.object({
    type: v.literal('response.ended'),
    ...{ ...base, bytes: whole, body: optional(capture), trailers: optional(headers) },
  }),
  v.object({
    ...{ type: v.literal('upstream.secured'), ...base, connection: integer, openedBy: whole, tls: upstreamTls },
  }),
  v.object({
    ...{ type: v.literal('span'), ...base, name: text, start: time },
    lane: v.picklist(['client', 'handler', 'upstream', 'application']),
    ...{ handler: optional(text), detail: optional(text), error: optional(text) },
  }),
  v.object({
    ...{ type: v.literal('messages.ended'), ...base, messages: messageCounts, lastEventId: optional(text) },
    close: optional(v.object({ by: parties, code: integer, reason: text })),
  }),
  v.object({
    ...{ type: v.literal('gateway.called'), ...base, application: text, worker: text, environ: headers },
  }),
  v.object({ type: v.literal('gateway.answered'), ...base, status: text, headers }),
  v.object({
    ...{ type: v.literal('gateway.output'), ...base, text },
    stream: v.picklist(['errors', 'stdout', 'stderr', 'traceback']),
  }),
  v.object({ type: v.literal('gateway.framework'), ...base, facts: headers }),
  v.object({
    ...{ type: v.literal('exchange.note'), ...base, code: text, text },
    level: v.picklist(['info', 'warning', 'error']),
  }),
  v.object({
    ...{ type: v.literal('rule.applied'), ...base, name: text, action: v.picklist(RULE_ACTIONS), index: integer },
  }),
  v.object({ type: v.literal('exchange.held'), ...base, stage }),
  v.object({
    ...{ type: v.literal('exchange.released'), ...base, stage },
    how: v.picklist(['continued', 'edited', 'answered', 'aborted']),
  }),
  v.object({ type: v.literal('exchange.finished'), ...base, outcome: outcomeSchema }),
]);

/** The events of one exchange. How far a running exchange was is not among them. */
export const eventsSchema: v.GenericSchema<unknown, Exclude<TraceEvent, { type: 'exchange.progress' }>[]> = v.pipe(
  v.array(event),
  v.check(([first]) => first?.type === 'exchange.started', 'an exchange begins with its start'),
);

/** What is told of a message. */
export const messageSchema: v.GenericSchema<unknown, MessageFacts> = v.object({
  ...{ at: time, direction: v.picklist(['sent', 'received']), kind: v.picklist(MESSAGE_KINDS), fin: flag, size: whole },
  ...{ truncated: optional(truncated), coding: optional(v.picklist(['inflated', 'compressed'])) },
  problems: v.array(v.picklist(FRAME_PROBLEMS)),
});
