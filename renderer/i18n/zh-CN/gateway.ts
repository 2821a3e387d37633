import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const gateway: Translated<typeof en.gateway> = {
  called: '{{application}} 由 {{worker}} 调用。',
  traceback: 'Traceback（回溯）',
  copyTraceback: '复制回溯',
  output: '输出',
  after: '{{signal}}，{{time}} 后',
  framework: '框架',
};
