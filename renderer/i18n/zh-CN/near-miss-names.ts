import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const nearMissNames: Translated<typeof en.nearMissNames> = {
  query: '查询参数',
  method: '方法',
  content: '内容',
  range: '字节',
  authorization: 'Authorization',
  mode: '缓存模式',
  age: '年龄',
};
