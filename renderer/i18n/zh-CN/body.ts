import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const body: Translated<typeof en.body> = {
  unnamed: '未命名',
  document: 'GraphQL 文档',
  variables: '变量',
  noVariables: '没有变量。',
  charsetUnknown: '未知的字符集“{{charset}}”；按 UTF-8 显示。',
  notUtf8: '这些字节不是 UTF-8，也没有给出字符集；按 Windows-1252 显示。',
  invalidBytes: '有些字节不是有效的 {{charset}}（给出的字符集）；每个显示为 �。',
};
