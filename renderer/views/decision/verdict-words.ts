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
      if (!decision.hit) return t('decision.stoodInFresh');
      return ttl > 0 ? t('decision.hitFresh', { time }) : t('decision.hit');
    case 'MISS':
      return forwarded(t, decision, t(forwardWords(decision)));
    case 'REVALIDATED':
      return ttl > 0 && !asksEachTime(decision, 'freshness.no-cache')
        ? t('decision.revalidatedFresh', { time })
        : t('decision.revalidated');
    case 'STALE':
      return t(decision.hit ? 'decision.servedStale' : 'decision.stoodInStale');
    case 'BYPASS':
      return t('decision.passedBy', { why: t(FORWARD_WORDS[fwd ?? 'bypass']) });
    case 'ERROR':
      if (decision.detail === 'CLIENT_GONE') return t('decision.clientLeft');
      return t(fwd === undefined ? 'decision.noAnswerUnasked' : 'decision.noAnswer');
  }
}

/** What is stored under `no-cache` may be fresh, and is used after a validation only (RFC 9111 §5.2.2.4). */
export function asksEachTime({ steps }: Decision, rule: 'freshness.no-cache' | 'store.no-cache'): boolean {
  return steps.some((step) => step.rule === rule);
}

function forwardWords(decision: Decision): PlainKey {
  const { fwd = 'miss' } = decision;
  return fwd === 'stale' && asksEachTime(decision, 'freshness.no-cache') ? 'decision.whyNoCache' : FORWARD_WORDS[fwd];
}

function forwarded(t: Translate, decision: Decision, why: string): string {
  const { stored, ttl = 0 } = decision;
  if (stored === undefined) return t('decision.forwarded', { why });
  if (!stored) return t('decision.forwardedNotStored', { why });
  if (asksEachTime(decision, 'store.no-cache')) return t('decision.forwardedStoredNoCache', { why });
  return ttl > 0
    ? t('decision.forwardedStoredFresh', { why, time: formatSeconds(ttl) })
    : t('decision.forwardedStored', { why });
}
