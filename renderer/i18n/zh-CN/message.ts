import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const message: Translated<typeof en.message> = {
  storedBody: '此 304 所代表的存储正文',
  storedBodyNote: '304 没有正文：客户端已经有了。这是缓存为此类请求存储的内容，存储于 {{when}}。',
  broughtBy: '它由请求 {{id}} 带来。',
  storedOther: '现在存储的实体标签为 {{stored}}，304 的为 {{answered}}：可能是另一个版本。',
  openEntry: '打开缓存条目',
};
