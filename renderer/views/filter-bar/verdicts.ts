import type { Verdict } from '../../../shared/decision.ts';

/** Every verdict, in the order in which they are offered. */
export const VERDICTS: readonly Verdict[] = ['HIT', 'MISS', 'REVALIDATED', 'STALE', 'BYPASS', 'ERROR'];
