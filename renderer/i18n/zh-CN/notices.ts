import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const notices: Translated<typeof en.notices> = {
  languageFailed: '无法切换语言。{{reason}}',
  undo: '撤销',
  entryBack: '缓存条目已恢复。',
  clearedGone: '清空的内容已不存在。',
  cleared: '列表已清空。',
  purgedNothing: '其中已没有任何缓存条目。',
  purged_other: '已清除 {{count, number}} 个缓存条目。',
};
