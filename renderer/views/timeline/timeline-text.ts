import { formatDuration } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';
import { criticalPath, gapsOf } from './critical-path.ts';
import { totalLength } from './intervals.ts';
import { ownTime } from './timeline-model.ts';
import type { TimelineModel } from './timeline-model.ts';

/** The timeline as plain text: a line for each phase, then what made it as long as it is. */
export function timelineText(t: Translate, title: string, model: TimelineModel): string {
  const { breakdown, start } = model;
  const at = (time: number): string => formatDuration(time - start);
  const lines = [
    title,
    t('timeline.textTotal', {
      total: formatDuration(breakdown.total),
      upstream: formatDuration(totalLength(breakdown.upstream)),
      overhead: formatDuration(totalLength(breakdown.overhead)),
      delivery: formatDuration(totalLength(breakdown.delivery)),
    }),
  ];
  const byRules = totalLength(breakdown.rules);
  if (byRules > 0) lines.push(t('timeline.textRules', { time: formatDuration(byRules) }));
  for (const lane of model.lanes) {
    lines.push('', lane.label);
    for (const track of lane.tracks) {
      for (const bar of track.bars) {
        const own = ownTime(bar);
        const facts = [
          t('timeline.textBar', { time: formatDuration(bar.end - bar.start), from: at(bar.start), to: at(bar.end) }),
          ...(own === undefined ? [] : [t('timeline.ownCode', { time: formatDuration(own) })]),
          ...(bar.detail === undefined ? [] : [bar.detail]),
          ...(bar.error === undefined ? [] : [t('timeline.failedWith', { error: bar.error })]),
        ];
        lines.push(`${'  '.repeat(track.depth + 1)}${bar.label}: ${facts.join(', ')}`);
      }
    }
  }
  const gaps = gapsOf(t, model);
  if (gaps.length > 0)
    lines.push('', t('timeline.gaps'), ...gaps.map((gap) => `  ${gap.name}: ${formatDuration(gap.end - gap.start)}`));
  const path = criticalPath(t, model).map(({ name, end, start: from }) => `${name} ${formatDuration(end - from)}`);
  lines.push('', `${t('timeline.criticalPath')}: ${path.join(' → ')}`, '');
  return lines.join('\n');
}
