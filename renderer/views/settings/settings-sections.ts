import { SETTINGS } from '../../../shared/settings-list.ts';
import type { Setting } from '../../../shared/settings-list.ts';
import type { PlainKey, Translate } from '../../i18n/translate.ts';

/** The sections of the page, in their order. `appearance` is about this window; the others are the engine's settings. */
export const SECTIONS = [
  'appearance',
  'cache',
  'record',
  'routing',
  'tls',
  'originTls',
  'timeouts',
  'access',
  'systemProxy',
] as const;
export type SectionName = (typeof SECTIONS)[number];

/** The settings of a section: those of a group, or those that are in none. */
export function settingsOf(section: SectionName): readonly Setting[] {
  return SETTINGS.filter(({ path }) => (section === 'routing' ? !path.includes('.') : path.startsWith(`${section}.`)));
}

/** Whether each of the typed words stands somewhere in what is said about something. */
export function isMatch(words: string, said: readonly string[]): boolean {
  const text = said.join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Everything by which a setting can be found. */
export function saidOf(t: Translate, { path, flag }: Setting): readonly string[] {
  return [t(`settingTitles.${path}`), t(`settingAbouts.${path}`), flag, path];
}

const CHOICES: Readonly<Record<string, PlainKey>> = {
  off: 'settings.off',
  shared: 'settings.shared',
  private: 'settings.private',
  snapshot: 'settings.snapshot',
  offline: 'settings.offline',
  disk: 'settings.disk',
  memory: 'settings.memory',
  url: 'settings.url',
  path: 'settings.path',
  full: 'settings.full',
  head: 'settings.head',
};

/** A choice in words; as it is where nobody has given it any. */
export function choiceWord(t: Translate, choice: string): string {
  const key = CHOICES[choice];
  return key === undefined ? choice : t(key);
}
