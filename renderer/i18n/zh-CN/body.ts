import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const body: Translated<typeof en.body> = {
  unnamed: '未命名',
  document: 'GraphQL 文档',
  variables: '变量',
  noVariables: '没有变量。',
};
