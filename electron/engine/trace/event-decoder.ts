import type { CacheMode, Decision, DecisionStep, Forward, NearMiss, Verdict } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { BodyCapture, ExchangeNote, Outcome, SpanEnded, TraceEvent } from '../../../shared/trace-event.ts';
import { TAG, TRUNCATIONS } from './record-format.ts';
import type { TrackReader } from './track.ts';

/** Where a part of a captured body lies. */
export interface Extent {
  readonly segment: number;
  readonly offset: number;
  readonly length: number;
}

/** What belongs to a list event but is kept with the details. */
interface Attachments {
  readonly headers: Map<number, HeaderList>;
  readonly trailers: Map<number, HeaderList>;
  readonly steps: Map<number, DecisionStep[]>;
}

/**
 * The events of exchange `id`, in order of `seq`. Without `detail` they are what a row is folded from: no heads, spans
 * nor steps. Throws a RangeError when a record is damaged.
 */
export function decodeEvents(id: number, list: TrackReader, detail?: TrackReader): TraceEvent[] {
  const attached: Attachments = { headers: new Map(), trailers: new Map(), steps: new Map() };
  const events: TraceEvent[] = [];
  if (detail !== undefined) while (!detail.done) decodeNext(id, detail, attached, events);
  while (!list.done) decodeNext(id, list, attached, events);
  return events.sort((a, b) => a.seq - b.seq);
}

/** The extents of both captured bodies, from the details of an exchange. */
export function decodeExtents(detail: TrackReader): { request: Extent[]; response: Extent[] } {
  const attached: Attachments = { headers: new Map(), trailers: new Map(), steps: new Map() };
  const bodies: { request: Extent[]; response: Extent[] } = { request: [], response: [] };
  while (!detail.done) decodeNext(0, detail, attached, [], bodies);
  return bodies;
}

function decodeNext(
  id: number,
  reader: TrackReader,
  attached: Attachments,
  events: TraceEvent[],
  bodies?: { request: Extent[]; response: Extent[] },
): void {
  const tag = reader.number();
  switch (tag) {
    case TAG.headers:
      attached.headers.set(reader.number(), reader.list());
      return;
    case TAG.trailers:
      attached.trailers.set(reader.number(), reader.list());
      return;
    case TAG.steps:
      attached.steps.set(reader.number(), decodeSteps(reader));
      return;
    case TAG.requestExtents:
      return decodeExtentList(reader, bodies?.request);
    case TAG.responseExtents:
      return decodeExtentList(reader, bodies?.response);
  }
  const event = decodeEvent(tag, { seq: reader.number(), id, at: reader.number() }, reader, attached);
  events.push(event);
}

type Base = Pick<TraceEvent, 'seq' | 'id' | 'at'>;

function decodeEvent(tag: number, base: Base, reader: TrackReader, attached: Attachments): TraceEvent {
  switch (tag) {
    case TAG.started:
      return decodeStarted(base, reader);
    case TAG.requestHead:
      return { type: 'request.head', ...base, target: reader.text(), headers: reader.list() };
    case TAG.requestEnded:
      return { type: 'request.ended', ...base, ...decodeEnd(base.seq, reader, attached) };
    case TAG.decided:
      return { type: 'cache.decided', ...base, decision: decodeDecision(reader, attached.steps.get(base.seq) ?? []) };
    case TAG.informational:
      return { type: 'response.informational', ...base, status: reader.number(), headers: reader.list() };
    case TAG.responseStarted:
      return decodeResponseStarted(base, reader, attached.headers.get(base.seq) ?? []);
    case TAG.responseEnded:
      return { type: 'response.ended', ...base, ...decodeEnd(base.seq, reader, attached) };
    case TAG.span:
      return decodeSpan(base, reader);
    case TAG.note: {
      const level = reader.symbol() as ExchangeNote['level'];
      return { type: 'exchange.note', ...base, level, code: reader.text(), text: reader.text() };
    }
    case TAG.finished:
      return { type: 'exchange.finished', ...base, outcome: decodeOutcome(reader) };
    default:
      throw new RangeError(`A trace record holds an unknown tag ${tag}`);
  }
}

function decodeStarted(base: Base, reader: TrackReader): TraceEvent {
  const kind = reader.symbol() as 'http' | 'tunnel' | 'malformed';
  const [method, url, version, client] = [reader.text(), reader.text(), reader.text(), reader.text()];
  const [connection, nth, parent] = [reader.number(), reader.number(), reader.optionalNumber()];
  const event = { type: 'exchange.started', ...base, kind, method, url, version, client, connection, nth } as const;
  return parent === undefined ? event : { ...event, parent };
}

function decodeResponseStarted(base: Base, reader: TrackReader, headers: HeaderList): TraceEvent {
  const status = reader.number();
  const reason = reader.text();
  const from = reader.symbol() as 'upstream' | 'cache' | 'hopscope';
  const contentType = reader.text();
  const upstream = reader.optionalText();
  const event = { type: 'response.started', ...base, status, reason, from, contentType, headers } as const;
  return upstream === undefined ? event : { ...event, upstream };
}

function decodeSpan(base: Base, reader: TrackReader): SpanEnded {
  const start = reader.number();
  const lane = reader.symbol() as SpanEnded['lane'];
  const name = reader.symbol();
  const handler = reader.symbol();
  const detail = reader.optionalText();
  const error = reader.optionalText();
  return {
    type: 'span',
    ...base,
    lane,
    name,
    ...(handler === '' ? {} : { handler }),
    start,
    ...(detail === undefined ? {} : { detail }),
    ...(error === undefined ? {} : { error }),
  };
}

function decodeEnd(
  seq: number,
  reader: TrackReader,
  attached: Attachments,
): { bytes: number; body?: BodyCapture; trailers?: HeaderList } {
  const bytes = reader.number();
  const captured = reader.number();
  const truncated = TRUNCATIONS[reader.number() - 1];
  const trailers = attached.trailers.get(seq);
  const body: BodyCapture = truncated === undefined ? { captured } : { captured, truncated };
  return { bytes, ...(captured < 0 ? {} : { body }), ...(trailers === undefined ? {} : { trailers }) };
}

function decodeDecision(reader: TrackReader, steps: DecisionStep[]): Decision {
  const verdict = reader.symbol() as Verdict;
  const mode = reader.symbol() as CacheMode;
  const fwd = reader.symbol() as Forward | '';
  const flags = reader.number();
  const facts = {
    fwdStatus: reader.optionalNumber(),
    ttl: reader.optionalNumber(),
    age: reader.optionalNumber(),
    lifetime: reader.optionalNumber(),
    key: reader.optionalText(),
    detail: reader.optionalText(),
  };
  const nearMiss = reader.optionalText();
  return {
    verdict,
    hit: (flags & 1) === 1,
    mode,
    steps,
    ...(fwd === '' ? {} : { fwd }),
    ...withoutUndefined(facts),
    ...withoutUndefined({ stored: optionalFlag((flags >> 1) & 3), collapsed: optionalFlag((flags >> 3) & 3) }),
    ...(nearMiss === undefined ? {} : { nearMiss: JSON.parse(nearMiss) as NearMiss }),
  };
}

function decodeSteps(reader: TrackReader): DecisionStep[] {
  const steps: DecisionStep[] = [];
  for (let left = reader.number(); left > 0; left--) {
    const [rule, source, evidence, effect] = [reader.text(), reader.text(), reader.text(), reader.text()];
    const say = reader.optionalText();
    const departure = optionalFlag(reader.number());
    steps.push({ rule, source, evidence, effect, ...withoutUndefined({ say, departure }) });
  }
  return steps;
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
  for (let left = reader.number(); left > 0; left--) {
    const extent = { segment: reader.number(), offset: reader.number(), length: reader.number() };
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
