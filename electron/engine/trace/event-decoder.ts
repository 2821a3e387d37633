import type {
  CacheMode,
  Decision,
  DecisionStep,
  FieldEvidence,
  Forward,
  NearMiss,
  Verdict,
} from '../../../shared/decision.ts';
import { NO_HEADERS } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { RuleActionType } from '../../../shared/rule-actions.ts';
import type { WebSocketClose } from '../../../shared/messages.ts';
import type {
  BodyCapture,
  ExchangeKind,
  ExchangeNote,
  ExchangeStarted,
  GatewayOutput,
  HeldStage,
  MessagesEnded,
  Outcome,
  ReleasedHow,
  SpanEnded,
  TraceEvent,
  UpstreamSecured,
} from '../../../shared/trace-event.ts';
import type { CertificateFacts, TlsFacts } from '../../../shared/tls-facts.ts';
import {
  EVIDENCE_SIDES,
  STEP_DECIDES,
  HAS_DETAIL,
  HAS_ERROR,
  LANES,
  LANE_MASK,
  LANE_SHIFT,
  LONG,
  NEAR_MISS,
  TAG,
  TAG_MASK,
  TRUNCATIONS,
} from './record-format.ts';
import type { Extent } from './extents.ts';
import type { Base, TrackReader } from './track.ts';

/** What belongs to a list event but is kept with the details, by seq. */
interface Attachments {
  readonly headers: Map<number, HeaderList>;
  readonly trailers: Map<number, HeaderList>;
  readonly steps: Map<number, DecisionStep[]>;
  /** The client's request and the upstream's answer, which others are relative to. */
  asked: HeaderList;
  answered: HeaderList;
}

/** Where what was captured of an exchange lies: its bodies and the heads of its messages. */
export interface Captures {
  readonly request: Extent[];
  readonly response: Extent[];
  readonly messages: Extent[];
}

/**
 * The events of exchange `id`, in order of seq, times to the microsecond. Without `detail` they are what a row is folded
 * from: no heads, spans nor steps. Throws a RangeError when a record is damaged.
 */
export function decodeEvents(id: number, list: TrackReader, detail?: TrackReader): TraceEvent[] {
  const attached = noAttachments();
  if (list.integer() !== TAG.started) throw new RangeError('A trace record does not begin with its start');
  const base: Base = { seq: list.float(), time: list.float() };
  const started = decodeStarted({ seq: base.seq, id, at: base.time / 1000 }, list);
  const events: TraceEvent[] = [];
  // The details come first because events of the list look for their attachments.
  if (detail !== undefined) while (!detail.done) decodeNext(id, base, detail, attached, events);
  while (!list.done) decodeNext(id, base, list, attached, events);
  events.sort((a, b) => a.seq - b.seq);
  return [started, ...events];
}

/** The extents of everything that was captured, from the details of an exchange. */
export function decodeExtents(detail: TrackReader): Captures {
  const captures: Captures = { request: [], response: [], messages: [] };
  while (!detail.done) decodeNext(0, { seq: 0, time: 0 }, detail, noAttachments(), [], captures);
  return captures;
}

function noAttachments(): Attachments {
  return { headers: new Map(), trailers: new Map(), steps: new Map(), asked: NO_HEADERS, answered: NO_HEADERS };
}

function decodeNext(
  id: number,
  base: Base,
  reader: TrackReader,
  attached: Attachments,
  events: TraceEvent[],
  captures?: Captures,
): void {
  const first = reader.integer();
  const tag = first & TAG_MASK;
  if (tag === TAG.requestExtents) return decodeExtentList(reader, captures?.request);
  if (tag === TAG.responseExtents) return decodeExtentList(reader, captures?.response);
  if (tag === TAG.messageBlocks) return decodeExtentList(reader, captures?.messages);
  const number = (first & LONG) === 0 ? () => reader.integer() : () => reader.float();
  const stamp: Stamp = { seq: base.seq + number(), id, at: (base.time + number()) / 1000 };
  switch (tag) {
    case TAG.headers:
      attached.headers.set(stamp.seq, reader.list());
      return;
    case TAG.headersLike:
      attached.headers.set(stamp.seq, reader.pairsLike(attached.answered));
      return;
    case TAG.trailers:
      attached.trailers.set(stamp.seq, reader.list());
      return;
    case TAG.steps:
      attached.steps.set(stamp.seq, decodeSteps(reader));
      return;
    case TAG.span:
      events.push(decodeSpan(stamp, (base.time + number()) / 1000, first, reader));
      return;
    default:
      events.push(decodeEvent(tag, stamp, reader, attached));
  }
}

type Stamp = Pick<TraceEvent, 'seq' | 'id' | 'at'>;

function decodeEvent(tag: number, stamp: Stamp, reader: TrackReader, attached: Attachments): TraceEvent {
  switch (tag) {
    case TAG.requestHead:
      return { type: 'request.head', ...stamp, target: reader.text(), headers: (attached.asked = reader.list()) };
    case TAG.upstreamRequest: {
      const [method, target] = [reader.text(), reader.text()];
      return { type: 'upstream.request', ...stamp, method, target, headers: reader.pairsLike(attached.asked) };
    }
    case TAG.upstreamResponse: {
      const [status, reason] = [reader.integer(), reader.text()];
      return { type: 'upstream.response', ...stamp, status, reason, headers: (attached.answered = reader.list()) };
    }
    case TAG.clientSecured: {
      const [version, cipher, alpn] = [reader.symbol(), reader.symbol(), reader.symbol()];
      const [serverName, resumed] = [reader.text(), reader.integer() === 1];
      const tls = { version, cipher, alpn, serverName, resumed, start: reader.float(), end: reader.float() };
      return { type: 'client.secured', ...stamp, tls };
    }
    case TAG.upstreamSecured:
      return decodeUpstreamSecured(stamp, reader);
    case TAG.requestEnded:
      return { type: 'request.ended', ...stamp, ...decodeEnd(stamp.seq, reader, attached) };
    case TAG.decided:
      return { type: 'cache.decided', ...stamp, decision: decodeDecision(reader, attached.steps.get(stamp.seq) ?? []) };
    case TAG.informational:
      return { type: 'response.informational', ...stamp, status: reader.integer(), headers: reader.list() };
    case TAG.responseStarted:
      return decodeResponseStarted(stamp, reader, attached.headers.get(stamp.seq) ?? []);
    case TAG.responseEnded:
      return { type: 'response.ended', ...stamp, ...decodeEnd(stamp.seq, reader, attached) };
    case TAG.note: {
      const level = reader.symbol() as ExchangeNote['level'];
      return { type: 'exchange.note', ...stamp, level, code: reader.text(), text: reader.text() };
    }
    case TAG.messagesEnded:
      return decodeMessagesEnded(stamp, reader);
    case TAG.gatewayCalled: {
      const [application, worker] = [reader.symbol(), reader.text()];
      return { type: 'gateway.called', ...stamp, application, worker, environ: reader.list() };
    }
    case TAG.gatewayAnswered:
      return { type: 'gateway.answered', ...stamp, status: reader.text(), headers: reader.list() };
    case TAG.gatewayOutput: {
      const stream = reader.symbol() as GatewayOutput['stream'];
      return { type: 'gateway.output', ...stamp, stream, text: reader.text() };
    }
    case TAG.gatewayFramework:
      return { type: 'gateway.framework', ...stamp, facts: reader.list() };
    case TAG.ruleApplied: {
      const [name, action] = [reader.text(), reader.symbol() as RuleActionType];
      return { type: 'rule.applied', ...stamp, name, action, index: reader.integer() };
    }
    case TAG.held:
      return { type: 'exchange.held', ...stamp, stage: reader.symbol() as HeldStage };
    case TAG.released: {
      const stage = reader.symbol() as HeldStage;
      return { type: 'exchange.released', ...stamp, stage, how: reader.symbol() as ReleasedHow };
    }
    case TAG.finished:
      return { type: 'exchange.finished', ...stamp, outcome: decodeOutcome(reader) };
    default:
      throw new RangeError(`A trace record holds an unknown tag ${tag}`);
  }
}

function decodeStarted(stamp: Stamp, reader: TrackReader): ExchangeStarted {
  const kind = reader.symbol() as ExchangeKind;
  const [method, url, version, client] = [reader.text(), reader.text(), reader.text(), reader.text()];
  const [connection, nth, parent] = [reader.integer(), reader.integer(), reader.optionalFloat()];
  const event = { type: 'exchange.started', ...stamp, kind, method, url, version, client, connection, nth } as const;
  const session = reader.skipInteger(TAG.session) ? reader.text() : undefined;
  const replay = reader.skipInteger(TAG.replay) ? true : undefined;
  return { ...event, ...withoutUndefined({ parent, replay, session }) };
}

function decodeResponseStarted(stamp: Stamp, reader: TrackReader, headers: HeaderList): TraceEvent {
  const status = reader.integer();
  const reason = reader.text();
  const from = reader.symbol() as 'upstream' | 'cache' | 'hopscope';
  const contentType = reader.text();
  const upstream = reader.optionalText();
  const event = { type: 'response.started', ...stamp, status, reason, from, contentType, headers } as const;
  const remote = reader.skipInteger(TAG.remote) ? reader.text() : undefined;
  return { ...event, ...withoutUndefined({ upstream, remote }) };
}

function decodeMessagesEnded(stamp: Stamp, reader: TrackReader): MessagesEnded {
  const messages = { sent: reader.float(), received: reader.float(), lost: reader.float() };
  const lastEventId = reader.optionalText();
  const by = reader.optionalText() as WebSocketClose['by'] | undefined;
  const close = by === undefined ? undefined : { by, code: reader.integer(), reason: reader.text() };
  return { type: 'messages.ended', ...stamp, messages, ...withoutUndefined({ close, lastEventId }) };
}

function decodeSpan(stamp: Stamp, start: number, first: number, reader: TrackReader): SpanEnded {
  const lane = LANES[(first >> LANE_SHIFT) & LANE_MASK];
  if (lane === undefined) throw new RangeError('A span has an unknown lane');
  const name = reader.symbol();
  const handler = reader.symbol();
  return {
    type: 'span',
    ...stamp,
    lane,
    name,
    ...(handler === '' ? {} : { handler }),
    start,
    ...((first & HAS_DETAIL) === 0 ? {} : { detail: reader.text() }),
    ...((first & HAS_ERROR) === 0 ? {} : { error: reader.text() }),
  };
}

function decodeEnd(
  seq: number,
  reader: TrackReader,
  attached: Attachments,
): { bytes: number; body?: BodyCapture; trailers?: HeaderList } {
  const bytes = reader.float();
  const captured = reader.float();
  const truncated = TRUNCATIONS[reader.integer() - 1];
  const trailers = attached.trailers.get(seq);
  const body: BodyCapture = truncated === undefined ? { captured } : { captured, truncated };
  return { bytes, ...(captured < 0 ? {} : { body }), ...(trailers === undefined ? {} : { trailers }) };
}

function decodeDecision(reader: TrackReader, steps: DecisionStep[]): Decision {
  const verdict = reader.symbol() as Verdict;
  const mode = reader.symbol() as CacheMode;
  const fwd = reader.symbol() as Forward | '';
  const flags = reader.integer();
  const facts = {
    fwdStatus: reader.optionalFloat(),
    ttl: reader.optionalFloat(),
    age: reader.optionalFloat(),
    lifetime: reader.optionalFloat(),
    key: reader.optionalText(),
    detail: reader.optionalText(),
  };
  const nearMiss = decodeNearMiss(reader);
  return {
    verdict,
    hit: (flags & 1) === 1,
    mode,
    steps,
    ...(fwd === '' ? {} : { fwd }),
    ...withoutUndefined(facts),
    ...withoutUndefined({ stored: optionalFlag((flags >> 1) & 3), collapsed: optionalFlag((flags >> 3) & 3) }),
    ...(nearMiss === undefined ? {} : { nearMiss }),
  };
}

function decodeNearMiss(reader: TrackReader): NearMiss | undefined {
  if (!reader.skipInteger(NEAR_MISS)) {
    const json = reader.optionalText();
    return json === undefined ? undefined : (JSON.parse(json) as NearMiss);
  }
  const [key, field, stored, requested] = [reader.text(), reader.text(), reader.text(), reader.text()];
  return { key, field, stored, requested, why: reader.text() };
}

function decodeSteps(reader: TrackReader): DecisionStep[] {
  const steps: DecisionStep[] = [];
  for (let left = reader.integer(); left > 0; left--) {
    const [rule, source, evidence, effect] = [reader.symbol(), reader.symbol(), reader.text(), reader.text()];
    const say = reader.optionalText();
    const facts = reader.integer();
    const departure = optionalFlag(facts & 3);
    const decides = STEP_DECIDES[((facts >> 2) & 3) - 1];
    const fields = facts >> 4 === 0 ? undefined : decodeEvidence(reader, (facts >> 4) - 1);
    steps.push({ rule, source, evidence, effect, ...withoutUndefined({ say, departure, decides, fields }) });
  }
  return steps;
}

function decodeEvidence(reader: TrackReader, count: number): FieldEvidence[] {
  const fields: FieldEvidence[] = [];
  for (let left = count; left > 0; left--) {
    const side = EVIDENCE_SIDES[reader.integer()];
    if (side === undefined) throw new RangeError('A field of no known message');
    const name = reader.text();
    const directive = reader.optionalText();
    fields.push({ side, name, ...withoutUndefined({ directive }) });
  }
  return fields;
}

function decodeOutcome(reader: TrackReader): Outcome {
  const kind = reader.symbol() as Outcome['kind'];
  if (kind === 'completed') return { kind };
  const codeOrParty = reader.text();
  const phase = reader.text();
  const message = reader.text();
  if (kind === 'failed') return { kind, code: codeOrParty, phase, message };
  return { kind, by: codeOrParty as 'client' | 'upstream' | 'hopscope', phase, message };
}

function decodeExtentList(reader: TrackReader, into: Extent[] | undefined): void {
  for (let left = reader.integer(); left > 0; left--) {
    const extent = { segment: reader.integer(), offset: reader.integer(), length: reader.integer() };
    into?.push(extent);
  }
}

function optionalFlag(value: number): boolean | undefined {
  return value === 0 ? undefined : value === 2;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The properties that have a value. */
function withoutUndefined<T extends object>(facts: T): Present<T> {
  const present: Present<T> = {};
  for (const key in facts) {
    if (facts[key] !== undefined) present[key] = facts[key] as Exclude<T[typeof key], undefined>;
  }
  return present;
}

function decodeUpstreamSecured(stamp: Stamp, reader: TrackReader): UpstreamSecured {
  const [connection, openedBy] = [reader.integer(), reader.float()];
  const [version, cipher] = [reader.symbol(), reader.symbol()];
  const [alpn, serverName] = [reader.optionalText(), reader.optionalText()];
  const [flags, problem, certificates] = [reader.integer(), reader.optionalText(), reader.text()];
  const tls: TlsFacts = {
    ...{ version, cipher, resumed: (flags & 1) !== 0, verified: (flags & 2) !== 0 },
    ...(alpn === undefined ? {} : { alpn }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(problem === undefined ? {} : { problem }),
    chain: certificates === '' ? [] : (JSON.parse(certificates) as CertificateFacts[]),
  };
  return { type: 'upstream.secured', ...stamp, connection, openedBy, tls };
}
