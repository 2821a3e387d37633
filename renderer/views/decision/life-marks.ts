import type { FreshnessTimes } from '../../../shared/freshness-times.ts';
import type { Translate } from '../../i18n/translate.ts';

/** What is known of a stored response's life; an exchange tells less of it than an entry does. */
export type Life = Pick<FreshnessTimes, 'born' | 'expires'> & Partial<FreshnessTimes>;

export type MarkKind = 'date' | 'received' | 'at' | 'now' | 'expires' | 'while-revalidate' | 'if-error';

/** A moment on the bar. */
export interface LifeMark {
  readonly kind: MarkKind;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly time: number;
  /** Where it stands, from 0 to 1. */
  readonly share: number;
  /** It is so far behind the others that it has no place among them, and stands at the end. */
  readonly beyond?: true;
}

/** A stretch of the bar, by what the response may be used for in it; shares from 0 to 1. */
export interface LifeStretch {
  readonly kind: 'aged' | 'fresh' | 'while-revalidate' | 'if-error' | 'stale';
  readonly from: number;
  readonly to: number;
}

/** The field, whose name is the same in every language. */
const DATE = 'Date';
/** The present moves the end of the axis by this share of it at most; then it stands beyond. */
const FURTHER = 0.5;

/**
 * Lays the moments of a stored response's life out on one axis.
 *
 * @param at the moment that is asked about, in epoch milliseconds, and what to call it
 * @param now the present moment, where that is another one
 */
export function lifeMarks(
  t: Translate,
  life: Life,
  at: number,
  atName: string,
  now?: number,
): { readonly marks: LifeMark[]; readonly stretches: LifeStretch[] } {
  const { date, received, born, expires, staleWhileRevalidate, staleIfError } = life;
  const moments: Omit<LifeMark, 'share'>[] = [
    ...(date === undefined ? [] : [{ kind: 'date' as const, name: DATE, time: date }]),
    ...(received === undefined ? [] : [{ kind: 'received' as const, name: t('decision.received'), time: received }]),
    { kind: 'at', name: atName, time: at },
    { kind: 'expires', name: t('decision.goesStale'), time: expires },
    ...(staleWhileRevalidate === undefined
      ? []
      : [{ kind: 'while-revalidate' as const, name: t('decision.whileRevalidate'), time: staleWhileRevalidate }]),
    ...(staleIfError === undefined
      ? []
      : [{ kind: 'if-error' as const, name: t('decision.ifError'), time: staleIfError }]),
  ];
  // An earlier Date stands at the begin: it counts whole seconds, or another clock's.
  const first = Math.min(born, at, received ?? born);
  const last = Math.max(...moments.map(({ time }) => time));
  // Some room behind the last moment, so that what comes after it has a place.
  const most = last + (last - first) * FURTHER;
  const beyond = now !== undefined && now > most;
  const length = Math.max(1000, (Math.max(last, Math.min(now ?? last, most)) - first) * 1.06);
  if (now !== undefined)
    moments.push({ kind: 'now', name: t('decision.now'), time: now, ...(beyond ? { beyond } : {}) });
  const share = (time: number): number => Math.min(1, Math.max(0, (time - first) / length));
  const arrived = Math.min(expires, Math.max(born, received ?? born));
  const stretches: LifeStretch[] = [
    { kind: 'aged', from: share(Math.min(born, expires)), to: share(arrived) },
    { kind: 'fresh', from: share(Math.min(arrived, expires)), to: share(expires) },
  ];
  let from = expires;
  const windows = [
    ['while-revalidate', staleWhileRevalidate],
    ['if-error', staleIfError],
  ] as const;
  for (const [kind, until] of windows) {
    if (until === undefined || until <= from) continue;
    stretches.push({ kind, from: share(from), to: share(until) });
    from = until;
  }
  stretches.push({ kind: 'stale', from: share(from), to: 1 });
  return {
    marks: moments.map((moment) => ({ ...moment, share: share(moment.time) })).sort((a, b) => a.time - b.time),
    stretches: stretches.filter((stretch) => stretch.to > stretch.from),
  };
}

/**
 * How fresh a response is at a moment. Whole seconds, as caches count: the lifetime less the age in whole seconds (RFC 9211
 * §2.4), so that age and what is left make up the lifetime.
 */
export function freshnessAt(
  { expires }: Pick<Life, 'expires'>,
  at: number,
): { readonly fresh: boolean; readonly seconds: number } {
  const left = Math.ceil((expires - at) / 1000);
  return { fresh: left > 0, seconds: Math.abs(left) };
}
