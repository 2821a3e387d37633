import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const bodyForms: Translated<typeof en.bodyForms> = {
  graphql: 'GraphQL',
  tree: '树',
  pretty: '美化',
  text: '文本',
  parts: '字段',
  image: '图像',
  certificate: '证书',
  messagepack: 'MessagePack',
  protobuf: 'Protobuf',
  hex: '十六进制',
};
