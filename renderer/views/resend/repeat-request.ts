import type { InspectorApi } from '../../../shared/contract.ts';
import { RESENDS_AT_ONCE } from '../../../shared/resend-contract.ts';

/** How often one request is sent again at one wish. */
export const MOST_REPEATS = 1_000;

export const PACES = ['each', 'together'] as const;
/** Whether the next one waits for the end of the one before. */
export type Pace = (typeof PACES)[number];

export interface Repetition {
  readonly id: number;
  readonly times: number;
  readonly pace: Pace;
  readonly pastCache: boolean;
}

export interface RepeatTally {
  /** Exchanges that are over, and how many of them have failed or were aborted. */
  readonly ended: number;
  readonly failed: number;
  /** The newest exchange; 0 before there is one. */
  readonly last: number;
  /** Why the engine sends no more of them, in a sentence. */
  readonly refusal?: string;
}

/**
 * Sends a request again, time after time, until it was sent often enough, the engine refuses, or `signal` says stop: what is under
 * way then still comes to its end.
 * @param told hears of each end
 */
export async function repeatRequest(
  api: InspectorApi,
  { id, times, pace, pastCache }: Repetition,
  signal: AbortSignal,
  told: (tally: RepeatTally) => void,
): Promise<RepeatTally> {
  let begun = 0;
  let tally: RepeatTally = { ended: 0, failed: 0, last: 0 };
  const lane = async (): Promise<void> => {
    while (begun < times && tally.refusal === undefined && !signal.aborted) {
      begun++;
      const answer = await api.request('exchange.resend', { id, pastCache, untilEnded: true });
      if (!answer.ok) {
        tally = { ...tally, refusal: answer.error.message };
        return;
      }
      const { id: next, outcome } = answer.value;
      const failed = tally.failed + (outcome === 'completed' ? 0 : 1);
      tally = { ...tally, ended: tally.ended + 1, failed, last: Math.max(tally.last, next) };
      told(tally);
    }
  };
  await Promise.all(Array.from({ length: pace === 'together' ? RESENDS_AT_ONCE : 1 }, lane));
  return tally;
}
