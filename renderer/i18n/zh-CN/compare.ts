import type { en } from '../en/catalogue.ts';
import type { Translated } from '../translate.ts';

export const compare: Translated<typeof en.compare> = {
  timeline: '时间线',
  phasesDiffer: '{{all, number}} 项中有 {{differ, number}} 项不同',
  same: '相同',
  phase: '阶段',
  bothOnOneAxis: '同一时间轴上的两者',
  total: '总计',
  noted: '相差超过一倍，且超过 1 ms',
};
