import { firstTexts } from './first-texts.ts';
import { laterTexts } from './later-texts.ts';

/** Every text in English, the language that keys and places are typed after. */
export const en = { ...firstTexts, ...laterTexts } as const;
