import { engineSpeech } from '../engine-speech.ts';
import { createTranslate } from '../translate.ts';
import type { Translate } from '../translate.ts';
import { zhCN } from './catalogue.ts';
import { decisions } from './phrases/decisions.ts';
import { errors } from './phrases/errors.ts';
import { filters } from './phrases/filters.ts';
import { settings } from './phrases/settings.ts';

/** All phrases of the engine. The first that fits counts: those of filters may begin with any word of theirs. */
export const PHRASES = [...filters, ...decisions, ...errors, ...settings] as const;

/** The translator into Simplified Chinese. */
export function chinese(): Translate {
  return createTranslate('zh-CN', zhCN, engineSpeech(PHRASES));
}
