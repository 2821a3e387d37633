import type { Rule } from '../../../shared/rules.ts';
import type { Inspector } from '../../store/inspector.ts';
import { notify } from '../../store/session-store.ts';
import { visibleText } from '../../format/visible-text.ts';
import { freeName } from './rule-for-row.ts';

const NONE: readonly Rule[] = [];

/** The rules that are in force. */
export function rulesOf({ session }: Inspector): readonly Rule[] {
  return session.getState().settings?.rules ?? NONE;
}

/** Puts `rules` in force; resolves with what the engine has against them, or undefined. */
export async function saveRules(inspector: Inspector, rules: readonly Rule[]): Promise<string | undefined> {
  const answer = await inspector.updateSettings({ rules: [...rules] });
  return answer.ok ? undefined : answer.error.message;
}

/** Puts `rules` in force; a notice says why not. Says whether it worked. */
export function changeRules(inspector: Inspector, rules: readonly Rule[]): Promise<boolean> {
  return inspector.changeSettings({ rules: [...rules] });
}

/** The rules with another one at a place. */
function insertRule(rules: readonly Rule[], place: number, rule: Rule): readonly Rule[] {
  return rules.toSpliced(place, 0, rule);
}

/** Moves a rule to another place. Says whether it worked. */
export async function moveRule(inspector: Inspector, from: number, to: number): Promise<boolean> {
  const rules = rulesOf(inspector);
  const rule = rules[from];
  return rule !== undefined && changeRules(inspector, insertRule(rules.toSpliced(from, 1), to, rule));
}

/** Takes a rule away, and offers to put it back where it was. Says whether it worked. */
export async function deleteRule(inspector: Inspector, place: number): Promise<boolean> {
  const rules = rulesOf(inspector);
  const rule = rules[place];
  if (rule === undefined || !(await changeRules(inspector, rules.toSpliced(place, 1)))) return false;
  const { t } = inspector.language.getState();
  notify(inspector.session, 'info', t('rules.deleted', { name: visibleText(rule.name) }), {
    ...{ label: t('notices.undo'), undoes: true },
    run: () => void changeRules(inspector, insertRule(rulesOf(inspector), place, rule)),
  });
  return true;
}

/** Puts a copy of a rule behind it: switched off, until it is made another one. */
export async function duplicateRule(inspector: Inspector, place: number): Promise<void> {
  const rules = rulesOf(inspector);
  const rule = rules[place];
  if (rule === undefined) return;
  const copy = { ...rule, name: freeName(rule.name, rules), on: false };
  await changeRules(inspector, insertRule(rules, place + 1, copy));
}

/** Adds a rule behind the others, and offers to look at it. */
export async function addRule(inspector: Inspector, rule: Rule): Promise<void> {
  const place = rulesOf(inspector).length;
  if (!(await changeRules(inspector, insertRule(rulesOf(inspector), place, rule)))) return;
  const { t } = inspector.language.getState();
  notify(inspector.session, 'info', t('rules.added', { name: visibleText(rule.name) }), {
    label: t('rules.show'),
    run: () => inspector.ui.setState({ page: 'rules', shownRule: place }),
  });
}

/** Shows the rule that was applied once: where it was then, or wherever one is called so now. */
export function showRule(
  inspector: Inspector,
  { name, index }: { readonly name: string; readonly index: number },
): void {
  const rules = rulesOf(inspector);
  const place = rules[index]?.name === name ? index : rules.findIndex((rule) => rule.name === name);
  if (place >= 0) inspector.ui.setState({ page: 'rules', shownRule: place });
  else {
    const { t } = inspector.language.getState();
    notify(inspector.session, 'info', t('rules.gone', { name: visibleText(name) }));
  }
}

/** Adds rules behind the others, under names that none of them has; resolves with what the engine has against it, or undefined. */
export function appendRules(inspector: Inspector, added: readonly Rule[]): Promise<string | undefined> {
  const rules = [...rulesOf(inspector)];
  for (const rule of added) rules.push({ ...rule, name: freeName(rule.name, rules) });
  return saveRules(inspector, rules);
}
