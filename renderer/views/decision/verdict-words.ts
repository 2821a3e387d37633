import type { CacheMode, Decision, Forward } from '../../../shared/decision.ts';
import { formatSeconds } from '../../format/units.ts';
import type { PlainKey, Translate } from '../../i18n/translate.ts';

/** What a mode is called. */
export function modeName(t: Translate, mode: CacheMode): string {
  return t(`decision.${mode}`);
}

/** Why a request went on, as a part of a sentence. */
const FORWARD_WORDS: Readonly<Record<Forward, PlainKey>> = {
  bypass: 'decision.whyBypass',
  method: 'decision.whyMethod',
  'uri-miss': 'decision.whyUriMiss',
  'vary-miss': 'decision.whyVaryMiss',
  miss: 'decision.whyMiss',
  request: 'decision.whyRequest',
  stale: 'decision.whyStale',
  partial: 'decision.whyPartial',
};

/** What a decision means, in a sentence or two. */
export function verdictMeaning(t: Translate, decision: Decision): string {
  const { verdict, fwd, ttl = 0 } = decision;
  const time = formatSeconds(ttl);
  switch (verdict) {
    case 'HIT':
      return ttl > 0 ? t('decision.hitFresh', { time }) : t('decision.hit');
    case 'MISS':
      return forwarded(t, decision, t(FORWARD_WORDS[fwd ?? 'miss']));
    case 'REVALIDATED':
      return ttl > 0 ? t('decision.revalidatedFresh', { time }) : t('decision.revalidated');
    case 'STALE':
      return t('decision.servedStale');
    case 'BYPASS':
      return t('decision.passedBy', { why: t(FORWARD_WORDS[fwd ?? 'bypass']) });
    case 'ERROR':
      return t('decision.noAnswer');
  }
}

function forwarded(t: Translate, { stored, ttl = 0 }: Decision, why: string): string {
  if (stored === undefined) return t('decision.forwarded', { why });
  if (!stored) return t('decision.forwardedNotStored', { why });
  return ttl > 0
    ? t('decision.forwardedStoredFresh', { why, time: formatSeconds(ttl) })
    : t('decision.forwardedStored', { why });
}
