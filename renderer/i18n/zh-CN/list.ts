import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const list: Translated<typeof en.list> = {
  requests: '请求',
  newest: '共 {{count, number}} 个，转到最新',
  withoutUrl: '没有 URL',
  groupCount_other: '{{count, number}} 个请求',
  groupErrors_other: '{{count, number}} 个错误',
  groupHits: '{{share}} 来自缓存',
  grouping: '列表的排列方式',
  flat: '单一列表',
  byHost: '按主机',
  byFolder: '按主机和目录',
  openAll: '展开所有分组',
  closeAll: '收起所有分组',
  openGroup: '展开',
  closeGroup: '收起',
  selectGroup: '选中其中的请求',
  onlyGroup: '只看这些',
  hideGroup: '隐藏这些',
};
