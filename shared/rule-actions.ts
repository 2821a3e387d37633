/** What a rule can do, in the order in which it is offered; see rules.ts. */
export const RULE_ACTIONS = ['answer', 'file', 'redirect', 'headers', 'delay', 'block', 'pause'] as const;

export type RuleActionType = (typeof RULE_ACTIONS)[number];
