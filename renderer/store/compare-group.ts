/** Exchanges beyond these are not taken: whoever compares looks at two at a time. */
export const MOST_COMPARED = 100;

/** The group with `ids` put into it, in ascending order; without them when it had them all. */
export function toggleInGroup(group: readonly number[], ids: readonly number[]): number[] {
  if (ids.every((id) => group.includes(id))) return group.filter((id) => !ids.includes(id));
  return [...new Set([...group, ...ids])].sort((a, b) => a - b).slice(0, MOST_COMPARED);
}

/**
 * Which of the group comes next beside `other`, a step behind `shown` or before it; at the end it begins anew. Undefined
 * when the group has no further one.
 */
export function stepInGroup(
  group: readonly number[],
  { shown, other }: { readonly shown: number; readonly other: number },
  step: 1 | -1,
): number | undefined {
  const choices = group.filter((id) => id !== other || id === shown);
  const at = choices.indexOf(shown);
  const from = at < 0 && step < 0 ? 0 : at;
  const next = choices.at((from + step + choices.length) % choices.length);
  return next === shown ? undefined : next;
}
