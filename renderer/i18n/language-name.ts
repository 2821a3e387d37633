import type { LanguageChoice } from './language-store.ts';
import type { Translate } from './translate.ts';

/** A language is named in itself, so that whoever reads only that one finds it. */
const NAMES: Readonly<Record<Exclude<LanguageChoice, 'auto'>, string>> = { en: 'English', 'zh-CN': '简体中文' };

/** What a choice of language is called. */
export function languageName(t: Translate, choice: LanguageChoice): string {
  return choice === 'auto' ? t('topBar.languageAuto') : NAMES[choice];
}
