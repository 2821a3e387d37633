import { MAX_HELD } from '../../../shared/rules-contract.ts';

/** What was written about exchanges that are paused, so that a look at another one loses none of it. By pause and form. */
const kept = new Map<string, object>();

/** The draft of a form that was left, or `first`. */
export function keptDraft<Draft extends object>(key: string, first: Draft): Draft {
  // Nobody but the form of this key has put it there.
  return (kept.get(key) as Draft | undefined) ?? first;
}

/** Keeps a draft until it is forgotten, or more are kept than can be paused. */
export function keepDraft(key: string, draft: object): void {
  kept.delete(key);
  kept.set(key, draft);
  const [oldest] = kept.keys();
  if (kept.size > 2 * MAX_HELD && oldest !== undefined) kept.delete(oldest);
}

export function forgetDraft(key: string): void {
  kept.delete(key);
}
