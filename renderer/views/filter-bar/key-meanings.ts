import type { en } from '../../i18n/en/catalogue.ts';

type Meaning = keyof typeof en.filterKeys;

/** The catalogue's name for what a key of the filter language means: `request.header` is `requestHeader` there. */
export function meaningOf(key: string): Meaning {
  return key.replaceAll(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase()) as Meaning;
}
