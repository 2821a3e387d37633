import type { BodyCapture, TraceEvent } from '../../../shared/trace-event.ts';

/** How the numbers of another run become those of this one. */
export interface Transfer {
  /** The exchange's id in this run. */
  readonly id: number;
  /** Added to every time, in milliseconds. */
  readonly shift: number;
  /** Names the session that the exchange comes from. */
  readonly session: string;
  nextSeq(): number;
  /** The id in this run of another exchange of that session; undefined when it is not here. */
  idOf(other: number): number | undefined;
  /** Bytes that arrived of a captured body. */
  captured(side: 'request' | 'response'): number;
}

/** Says whether the events make one whole exchange: its start first, one end at most, and that at the end. */
export function isWholeExchange(events: readonly TraceEvent[]): boolean {
  if (events.length === 0) return false;
  return events.every(({ type }, index) => {
    if (type === 'exchange.started') return index === 0;
    return index > 0 && (type !== 'exchange.finished' || index === events.length - 1);
  });
}

/**
 * The events of an exchange of another run as events of this one. An exchange that has no end gets one: its run was over
 * before it was.
 */
export function* importedEvents(events: readonly TraceEvent[], transfer: Transfer): Generator<TraceEvent> {
  const { id, shift } = transfer;
  let last: TraceEvent | undefined;
  for (const event of events) {
    if (event.type === 'exchange.progress') continue;
    last = event;
    const stamp = { seq: transfer.nextSeq(), id, at: event.at + shift };
    yield { ...withoutParent(event), ...changesOf(event, transfer), ...stamp } as TraceEvent;
  }
  if (last === undefined || last.type === 'exchange.finished') return;
  const outcome = { kind: 'aborted', by: 'hopscope', phase: 'record', message: 'The recording ends here.' } as const;
  yield { type: 'exchange.finished', seq: transfer.nextSeq(), id, at: last.at + shift, outcome };
}

/** What else depends on the run. */
function changesOf(event: TraceEvent, transfer: Transfer): object {
  const { shift } = transfer;
  switch (event.type) {
    case 'exchange.started': {
      const parent = event.parent === undefined ? undefined : transfer.idOf(event.parent);
      const session = event.session ?? transfer.session;
      return parent === undefined ? { session } : { session, parent };
    }
    case 'span':
      return { start: event.start + shift };
    case 'client.secured':
      return { tls: { ...event.tls, start: event.tls.start + shift, end: event.tls.end + shift } };
    case 'upstream.secured':
      return { openedBy: transfer.idOf(event.openedBy) ?? 0 };
    case 'request.ended':
      return bodyOf(event.body, transfer.captured('request'));
    case 'response.ended':
      return bodyOf(event.body, transfer.captured('response'));
    default:
      return {};
  }
}

/** A parent that is not here would be taken for an exchange of this run. */
function withoutParent(event: TraceEvent): object {
  if (event.type !== 'exchange.started') return event;
  const { parent: _parent, replay: _replay, ...rest } = event;
  return rest;
}

/** What was captured and did not arrive is not there any more. */
function bodyOf(body: BodyCapture | undefined, captured: number): { body?: BodyCapture } {
  if (body === undefined || body.captured === captured) return {};
  return { body: { captured, truncated: body.truncated ?? 'backlog' } };
}
