import type { LanguageChoice } from './language-store.ts';
import type { Translate } from './translate.ts';

/** A language is named in itself, so that whoever reads only that one finds it. */
export function languageName(t: Translate, choice: LanguageChoice): string {
  if (choice === 'auto') return t('topBar.languageAuto');
  return new Intl.DisplayNames(choice, { type: 'language', languageDisplay: 'standard' }).of(choice) ?? choice;
}
