import { LANGUAGE_CHOICES } from '../../i18n/language-store.ts';
import { languageName } from '../../i18n/language-name.ts';
import type { PlainKey, Translate } from '../../i18n/translate.ts';
import { CONTRASTS, DENSITIES, DOCKS, MOTIONS, THEMES } from '../../store/ui-store.ts';
import type { UiState } from '../../store/ui-store.ts';

/** What the person chooses about this window alone. */
export type AppearanceKey = 'theme' | 'contrast' | 'density' | 'motion' | 'language' | 'dock';

export interface AppearanceSetting {
  readonly key: AppearanceKey;
  readonly title: PlainKey;
  readonly about: PlainKey;
  readonly choices: readonly UiState[AppearanceKey][];
  /** A choice in words. */
  readonly word: (t: Translate, choice: string) => string;
}

const words =
  (keys: Readonly<Record<string, PlainKey>>) =>
  (t: Translate, choice: string): string => {
    const key = keys[choice];
    return key === undefined ? choice : t(key);
  };

export const APPEARANCE: readonly AppearanceSetting[] = [
  {
    key: 'theme',
    title: 'settings.theme',
    about: 'settings.themeAbout',
    choices: THEMES,
    word: words({ system: 'settings.system', light: 'settings.light', dark: 'settings.dark' }),
  },
  {
    key: 'contrast',
    title: 'settings.contrast',
    about: 'settings.contrastAbout',
    choices: CONTRASTS,
    word: words({ system: 'settings.system', more: 'settings.contrastMore' }),
  },
  {
    key: 'density',
    title: 'settings.density',
    about: 'settings.densityAbout',
    choices: DENSITIES,
    word: words({ comfortable: 'settings.comfortable', compact: 'settings.compact' }),
  },
  {
    key: 'motion',
    title: 'settings.motion',
    about: 'settings.motionAbout',
    choices: MOTIONS,
    word: words({ system: 'settings.system', less: 'settings.motionLess' }),
  },
  {
    key: 'dock',
    title: 'settings.dock',
    about: 'settings.dockAbout',
    choices: DOCKS,
    word: words({ right: 'settings.dockRight', bottom: 'settings.dockBottom' }),
  },
  {
    key: 'language',
    title: 'settings.language',
    about: 'settings.languageAbout',
    choices: LANGUAGE_CHOICES,
    word: (t, choice) => languageName(t, LANGUAGE_CHOICES.find((known) => known === choice) ?? 'auto'),
  },
];
