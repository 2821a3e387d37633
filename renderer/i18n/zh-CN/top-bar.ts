import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const topBar: Translated<typeof en.topBar> = {
  language: '语言',
  languageAuto: '跟随系统',
};
