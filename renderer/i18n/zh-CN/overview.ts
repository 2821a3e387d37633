import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const overview: Translated<typeof en.overview> = {
  range: '时间范围',
  bars_other: '{{time}} 内共 {{count, number}} 个请求，其中 {{hits, number}} 个来自缓存，{{errors, number}} 个出错',
  from: '起点',
  to: '终点',
  clear: '显示全部时间',
};
