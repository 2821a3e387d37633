import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const notices: Translated<typeof en.notices> = {
  languageFailed: '无法切换语言。{{reason}}',
  undo: '撤销',
  entryBack: '缓存条目已恢复。',
  clearedGone: '移除的内容已不存在。',
  cleared: '列表已清空。',
  deleted_other: '已删除 {{count, number}} 个请求。',
  nothingToDelete: '没有这样的请求可删除。',
  deletedNothing: '仍在进行的请求无法删除。',
  deleteFewer: '一次最多可删除 {{count, number}} 个请求。要全部移除，请清空列表。',
  purgedNothing: '其中没有任何缓存条目。',
  purged_other: '已清除 {{count, number}} 个缓存条目。',
};
