import type { CacheMode, Decision, Forward } from '../../../shared/decision.ts';
import { formatSeconds } from '../../format/units.ts';

export const MODE_WORDS: Readonly<Record<CacheMode, string>> = {
  off: 'Cache off',
  shared: 'Shared cache',
  private: 'Private cache',
  snapshot: 'Snapshot mode',
  offline: 'Offline mode',
};

const FORWARD_WORDS: Readonly<Record<Forward, string>> = {
  bypass: 'the cache stood aside',
  method: 'its method is not one that is answered from the store',
  'uri-miss': 'nothing was stored for this URL',
  'vary-miss': 'what was stored for this URL was for other request headers',
  miss: 'nothing stored would do',
  request: 'the request asked for it',
  stale: 'what was stored is no longer fresh',
  partial: 'only a part of what was asked for was stored',
};

/** What a decision means, in one sentence. */
export function verdictMeaning(decision: Decision): string {
  const why = decision.fwd === undefined ? undefined : FORWARD_WORDS[decision.fwd];
  switch (decision.verdict) {
    case 'HIT':
      return `Answered from the store without asking the origin${freshFor(decision)}.`;
    case 'MISS':
      return `Forwarded to the origin, because ${why ?? 'nothing stored would do'}.${storedWords(decision)}`;
    case 'REVALIDATED':
      return `The origin confirmed the stored response with a 304, and it was served${freshFor(decision)}.`;
    case 'STALE':
      return 'A stored response was served although it is no longer fresh.';
    case 'BYPASS':
      return `Forwarded past the cache, because ${why === undefined || decision.fwd === 'bypass' ? 'the cache stood aside' : why}.`;
    case 'ERROR':
      return 'No stored response could answer, and the origin did not.';
  }
}

function freshFor(decision: Decision): string {
  if (decision.ttl === undefined) return '';
  if (decision.ttl > 0) return `; it stays fresh for another ${formatSeconds(decision.ttl)}`;
  return '';
}

function storedWords(decision: Decision): string {
  if (decision.stored === true) {
    const fresh = decision.ttl !== undefined && decision.ttl > 0 ? `, fresh for ${formatSeconds(decision.ttl)}` : '';
    return ` The answer was stored${fresh}.`;
  }
  return decision.stored === false ? ' The answer was not stored.' : '';
}
