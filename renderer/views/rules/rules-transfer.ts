import * as v from 'valibot';
import { MAX_RULE_BODY } from '../../../shared/rules.ts';
import type { Rule } from '../../../shared/rules.ts';
import { issuesSentence, settingsPatchSchema } from '../../../shared/settings.ts';
import type { Translate } from '../../i18n/translate.ts';

/** Characters of a file that may be rules: some with the longest of bodies. */
export const MOST_CHARACTERS = 8 * MAX_RULE_BODY;

/** Rules as a file: the list that the flag --rules reads. */
export function exportRules(rules: readonly Rule[]): string {
  return `${JSON.stringify(rules, undefined, 2)}\n`;
}

/** The rules of a file's text; a bad one is told of in a sentence. */
export function readRules(
  t: Translate,
  text: string,
): { readonly rules: readonly Rule[] } | { readonly problem: string } {
  if (text.length > MOST_CHARACTERS) return { problem: t('rules.tooLarge') };
  let rules: unknown;
  try {
    rules = JSON.parse(text);
  } catch {
    return { problem: t('rules.noJson') };
  }
  const parsed = v.safeParse(settingsPatchSchema, { rules });
  if (!parsed.success) return { problem: t('rules.noList', { reason: issuesSentence(parsed.issues.slice(0, 3)) }) };
  // What the schema has let through has every default filled in.
  return { rules: (parsed.output.rules ?? []) as readonly Rule[] };
}
