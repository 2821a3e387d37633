import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { SpanEnded } from '../../../shared/trace-event.ts';

/** What was under way with the origin when nobody was there any more to wait for it; the origin ended nothing then. */
export function givenUp({ outcome, spans }: ExchangeView): SpanEnded | undefined {
  if (outcome?.kind !== 'aborted' || outcome.by === 'upstream') return undefined;
  const last = spans.findLast(({ lane }) => lane === 'upstream');
  return last?.error === undefined ? undefined : last;
}
