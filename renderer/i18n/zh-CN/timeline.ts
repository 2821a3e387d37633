import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const timeline: Translated<typeof en.timeline> = {
  related: '相关的请求',
  thisExchange: '本请求',
  caused: '由它引起',
  waitedFor: '它等待的请求',
  waiting: '等待它的请求',
  followed: '随重定向而来',
  moreRelated_other: '另有 {{count, number}} 个未画出。',
  relatedTimes: '从 {{from}} 到 {{to}}',
};
