import type { Decision, DecisionStep, FieldEvidence, Forward, NearMiss } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { Answer } from './representation.ts';
import type { StoredResponse } from './stored-response.ts';
import type { SelectingField } from './vary.ts';

/** What the policy wants done with a request. */
export type Plan = ServePlan | ForwardPlan | RefusePlan;

/** Answer from the store, now. */
export interface ServePlan {
  readonly action: 'serve';
  readonly stored: StoredResponse;
  readonly answer: Answer;
  /** The value of the Age field, in seconds. */
  readonly age: number;
  /** Validate in the background afterwards (RFC 5861 §3). */
  readonly revalidate: boolean;
  readonly decision: Decision;
  /** A slot for the reply made from this plan, which is as good for every request that gets the same plan. */
  prepared: unknown;
}

/** Send the request on. */
export interface ForwardPlan {
  readonly action: 'forward';
  readonly fwd: Forward;
  readonly key: string;
  /** The request's fields with the cache's own conditions; undefined when it goes on as it came. */
  readonly conditional: HeaderList | undefined;
  /** The stored responses whose validators were sent; empty when none were. */
  readonly validating: readonly StoredResponse[];
  /**
   * Stored responses for other selecting fields, whose entity tags were sent: the origin may select one of them for this
   * request too (RFC 9111 §4.1).
   */
  readonly variants: readonly StoredResponse[];
  /** The stored part that the answer is to complete (RFC 9111 §3.3). */
  readonly completing: StoredResponse | undefined;
  /** Stored responses that the answer may update. */
  readonly matching: readonly StoredResponse[];
  /** The stored response that may stand in when the origin fails, and what forbids it otherwise. */
  readonly fallback: Fallback | undefined;
  /** May the answer be stored at all? Not when the mode or an overlay keeps the cache out of it. */
  readonly mayStore: boolean;
  /** May other requests wait for this one's answer? */
  readonly collapsible: boolean;
  readonly steps: readonly DecisionStep[];
  /** A slot for the entry that almost answered: where nothing is stored under the key, the store is asked for a neighbour. */
  nearMiss: NearMiss | undefined;
  /** The fields that variants under this key are known to be selected by. */
  readonly selecting: readonly SelectingField[];
}

/** Something in the request or the stored response that forbids serving it stale. */
export interface Forbidden {
  readonly evidence: string;
  readonly fields: readonly FieldEvidence[];
}

/** A stale response that may have to stand in. */
export interface Fallback {
  readonly stored: StoredResponse;
  /** What forbids serving it; undefined when it may be served. */
  readonly forbidden: Forbidden | undefined;
  readonly source: string;
}

/** Answer with 504: nothing stored will do, and the request must not go on. */
export interface RefusePlan {
  readonly action: 'refuse';
  readonly decision: Decision;
}
