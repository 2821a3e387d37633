import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const details: Translated<typeof en.details> = {
  size: '详情面板的大小',
};
