import * as v from 'valibot';
import type { RuleActionType } from '../../../shared/rule-actions.ts';
import type { HeaderChanges, Rule, RuleAction } from '../../../shared/rules.ts';
import { settingsPatchSchema } from '../../../shared/settings.ts';
import { fieldLines, parseFields } from '../../format/field-lines.ts';
import type { Translate } from '../../i18n/translate.ts';
import type { Made } from '../common/draft-form.tsx';
import { editableText } from '../resend/resend-draft.ts';

/** A rule as it stands in its form: with the parts of every action, so that none is lost when another one is looked at. */
export interface RuleDraft {
  readonly name: string;
  readonly on: boolean;
  readonly when: string;
  readonly does: RuleActionType;
  readonly status: string;
  /** One on each line. */
  readonly fields: string;
  readonly body: string;
  /** What stands in the rule for a line break of `body`. */
  readonly lineBreak: '\n' | '\r\n';
  readonly path: string;
  readonly to: string;
  readonly request: ChangesDraft;
  readonly response: ChangesDraft;
  readonly ms: string;
  readonly how: 'refuse' | 'close';
  readonly at: 'request' | 'response' | 'both';
}

/** Changes of a message's fields: lines of `Name: value`, and names separated by commas. */
export interface ChangesDraft {
  readonly set: string;
  readonly remove: string;
}

export type RuleField =
  | 'name'
  | 'when'
  | 'status'
  | 'fields'
  | 'body'
  | 'path'
  | 'to'
  | 'set-request'
  | 'remove-request'
  | 'set-response'
  | 'remove-response'
  | 'ms';
export type RuleErrors = Readonly<Partial<Record<RuleField, string>>>;

const NO_CHANGES: ChangesDraft = { set: '', remove: '' };

/** A rule that nothing has been written of yet. */
export function newRuleDraft(does: RuleActionType): RuleDraft {
  return {
    ...{ name: '', on: true, when: '', does, status: '200', fields: '', body: '', lineBreak: '\n' },
    ...{ path: '', to: '', request: NO_CHANGES, response: NO_CHANGES, ms: '1000', how: 'refuse', at: 'request' },
  };
}

export function ruleDraftOf({ name, on, when, action }: Rule): RuleDraft {
  return { ...newRuleDraft(action.type), name, on, when, ...partsOf(action) };
}

function partsOf(action: RuleAction): Partial<RuleDraft> {
  switch (action.type) {
    case 'answer':
      return { status: String(action.status), fields: fieldLines(action.headers), ...bodyDraft(action.body) };
    case 'file':
      return { path: action.path };
    case 'redirect':
      return { to: action.to };
    case 'headers':
      return { request: changesDraft(action.request), response: changesDraft(action.response) };
    case 'delay':
      return { ms: String(action.ms) };
    case 'block':
      return { how: action.how };
    case 'pause':
      return { at: action.at };
  }
}

/** A text as a body in its field. */
export function bodyDraft(text: string): Pick<RuleDraft, 'body' | 'lineBreak'> {
  const editable = editableText(text);
  return editable === undefined
    ? { body: text, lineBreak: '\n' }
    : { body: editable.text, lineBreak: editable.lineBreak };
}

function changesDraft({ set, remove }: HeaderChanges): ChangesDraft {
  return { set: fieldLines(set), remove: remove.join(', ') };
}

/** The rule that a draft makes, or what is wrong with it, by the field it is wrong in. */
export function ruleOf(t: Translate, draft: RuleDraft): Made<Rule, RuleErrors> {
  const errors: Partial<Record<RuleField, string>> = {};
  const { name, on, when } = draft;
  const action = actionOf(t, draft, errors);
  const parsed = v.safeParse(settingsPatchSchema, { rules: [{ name, on, when, action }] });
  for (const issue of parsed.issues ?? []) errors[fieldOf(issue)] ??= t.said(issue.message);
  const [rule] = parsed.success ? (parsed.output.rules ?? []) : [];
  // What the schema has let through has every default filled in.
  return Object.keys(errors).length > 0 || rule === undefined ? { errors } : { value: rule as Rule };
}

/** Which field an issue of the only rule of `rules` is about. */
function fieldOf(issue: v.BaseIssue<unknown>): RuleField {
  const [, , part, key, change] = (issue.path ?? []).map((item) => String(item.key));
  if (part === 'when') return 'when';
  if (part !== 'action') return 'name';
  const field = change === undefined || key === 'headers' ? key : `${change}-${key}`;
  return FIELDS.find((known) => known === (field === 'headers' ? 'fields' : field)) ?? 'name';
}

const FIELDS: readonly RuleField[] = [
  ...(['status', 'fields', 'body', 'path', 'to', 'ms'] as const),
  ...(['set-request', 'remove-request', 'set-response', 'remove-response'] as const),
];

function actionOf(t: Translate, draft: RuleDraft, errors: Partial<Record<RuleField, string>>): unknown {
  const type = draft.does;
  switch (type) {
    case 'answer': {
      const headers = fieldsOf(t, draft.fields, 'fields', errors);
      const body = draft.lineBreak === '\n' ? draft.body : draft.body.replaceAll('\n', draft.lineBreak);
      return { type, status: wholeNumber(draft.status), headers, body };
    }
    case 'file':
      return { type, path: draft.path.trim() };
    case 'redirect':
      return { type, to: draft.to.trim() };
    case 'headers': {
      const request = changesOf(t, draft.request, 'request', errors);
      const response = changesOf(t, draft.response, 'response', errors);
      const none = [request, response].every(({ set, remove }) => set.length + remove.length === 0);
      if (none) errors['set-request'] ??= t('rules.changesNothing');
      return { type, request, response };
    }
    case 'delay':
      return { type, ms: wholeNumber(draft.ms) };
    case 'block':
      return { type, how: draft.how };
    case 'pause':
      return { type, at: draft.at };
  }
}

function changesOf(
  t: Translate,
  draft: ChangesDraft,
  side: 'request' | 'response',
  errors: Partial<Record<RuleField, string>>,
): { readonly set: readonly string[]; readonly remove: readonly string[] } {
  const set = fieldsOf(t, draft.set, `set-${side}`, errors);
  const remove = draft.remove.split(/[\s,]+/).filter((name) => name !== '');
  const wrong = remove.find((name) => !/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(name));
  if (wrong === undefined) return { set, remove };
  errors[`remove-${side}`] = t('rules.noName', { name: wrong });
  return { set, remove: [] };
}

function fieldsOf(
  t: Translate,
  lines: string,
  field: RuleField,
  errors: Partial<Record<RuleField, string>>,
): readonly string[] {
  const fields = parseFields(t, lines);
  if (typeof fields !== 'string') return fields;
  errors[field] = fields;
  return [];
}

function wholeNumber(text: string): number {
  return /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : Number.NaN;
}
