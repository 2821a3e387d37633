import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { firstTexts } from './en/first-texts.ts';
import { createTranslate, LANGUAGES } from './translate.ts';
import type { Language, Translate } from './translate.ts';

export const LANGUAGE_CHOICES = ['auto', ...LANGUAGES] as const;
/** A language, or `auto` for the system's. */
export type LanguageChoice = (typeof LANGUAGE_CHOICES)[number];

/** What the interface speaks. */
export interface LanguageState {
  /** What was asked for last; its catalogue may still be on its way. */
  readonly wanted: Language;
  readonly t: Translate;
}

export type LanguageStore = StoreApi<LanguageState>;

const english = createTranslate('en', firstTexts);
let complete = false;

/** Brings the English texts of what is loaded on demand, once. Rejects when they cannot be fetched. */
export async function loadLaterTexts(): Promise<void> {
  if (complete) return;
  english.add((await import('./en/later-texts.ts')).laterTexts);
  complete = true;
}

/** Other languages than English are fetched when they are wanted. */
const TRANSLATORS: Readonly<Record<Language, () => Promise<Translate>>> = {
  en: () => Promise.resolve(english),
  'zh-CN': async () => (await import('./zh-CN/chinese.ts')).chinese(),
};

/** Speaks English at first: it is always there. */
export function createLanguageStore(): LanguageStore {
  return createStore<LanguageState>()(() => ({ wanted: 'en', t: english }));
}

/** Has `store` speak `language`, once its catalogue is there. Rejects when that cannot be fetched; nothing has changed then. */
export async function speak(store: LanguageStore, language: Language): Promise<void> {
  const { wanted: before } = store.getState();
  store.setState({ wanted: language });
  try {
    const t = await TRANSLATORS[language]();
    // Somebody may have thought of another one meanwhile.
    if (store.getState().wanted === language) store.setState({ t });
  } catch (error) {
    if (store.getState().wanted === language) store.setState({ wanted: before });
    throw error;
  }
}

/** The language for a choice; the system's languages come in the order of its preference, as BCP 47 tags. */
export function languageFor(choice: LanguageChoice, system: readonly string[]): Language {
  if (choice !== 'auto') return choice;
  for (const tag of system) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'en') return 'en';
    if (primary === 'zh') return 'zh-CN';
  }
  return 'en';
}
