import * as v from 'valibot';
import { defaultSettings, issuesSentence, settingsPatchSchema } from '../../../shared/settings.ts';
import type { Settings, SettingsPatch } from '../../../shared/settings.ts';
import { settingPatch, SETTINGS, settingValue } from '../../../shared/settings-list.ts';
import type { Translate } from '../../i18n/translate.ts';

/** Characters of a file that may be settings: a thousand users and upstreams need less. */
export const MOST_CHARACTERS = 4 * 1024 * 1024;

/** What differs from the defaults, as a person keeps it: the text of a settings.json without secrets. */
export function exportSettings(settings: Settings): string {
  const usual = defaultSettings();
  const changed: Record<string, unknown> = {};
  for (const { path } of SETTINGS) {
    const value = settingValue(settings, path);
    if (JSON.stringify(value) === JSON.stringify(settingValue(usual, path))) continue;
    for (const [key, part] of Object.entries(settingPatch(path, value)))
      changed[key] = path.includes('.') ? { ...(changed[key] as object | undefined), ...(part as object) } : part;
  }
  return `${JSON.stringify(changed, withoutSecrets, 2)}\n`;
}

/** Users go whole, since one without a password is none; of proxies and certificates only what is secret stays behind. */
function withoutSecrets(key: string, value: unknown): unknown {
  return ['users', 'credentials', 'passphrase'].includes(key) ? undefined : value;
}

/** Reads the text of an exported file or of a settings.json; a bad one is told of in a sentence. */
export function readExport(
  t: Translate,
  text: string,
): { readonly patch: SettingsPatch } | { readonly problem: string } {
  if (text.length > MOST_CHARACTERS) return { problem: t('settings.tooLarge') };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: t('settings.noJson') };
  }
  const parsed = v.safeParse(settingsPatchSchema, value);
  if (parsed.success) return { patch: parsed.output };
  return { problem: t('settings.noSettings', { reason: issuesSentence(parsed.issues.slice(0, 3)) }) };
}
