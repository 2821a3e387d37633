import { formatDuration } from '../../format/units.ts';
import { criticalPath, gapsOf } from './critical-path.ts';
import { totalLength } from './intervals.ts';
import { ownTime } from './timeline-model.ts';
import type { TimelineModel } from './timeline-model.ts';

/** The timeline as plain text: a line for each phase, then what made it as long as it is. */
export function timelineText(title: string, model: TimelineModel): string {
  const { breakdown, start } = model;
  const at = (time: number): string => formatDuration(time - start);
  const lines = [
    title,
    `total ${formatDuration(breakdown.total)}: upstream ${formatDuration(totalLength(breakdown.upstream))}, ` +
      `proxy overhead ${formatDuration(totalLength(breakdown.overhead))}, ` +
      `delivery ${formatDuration(totalLength(breakdown.delivery))}`,
  ];
  for (const lane of model.lanes) {
    lines.push('', lane.label);
    for (const track of lane.tracks) {
      for (const bar of track.bars) {
        const own = ownTime(bar);
        const facts = [
          `${formatDuration(bar.end - bar.start)} (${at(bar.start)} to ${at(bar.end)})`,
          ...(own === undefined ? [] : [`${formatDuration(own)} in its own code`]),
          ...(bar.detail === undefined ? [] : [bar.detail]),
          ...(bar.error === undefined ? [] : [`failed: ${bar.error}`]),
        ];
        lines.push(`${'  '.repeat(track.depth + 1)}${bar.label}: ${facts.join(', ')}`);
      }
    }
  }
  const gaps = gapsOf(model);
  if (gaps.length > 0)
    lines.push('', 'Gaps', ...gaps.map((gap) => `  ${gap.name}: ${formatDuration(gap.end - gap.start)}`));
  const path = criticalPath(model).map(({ name, end, start: from }) => `${name} ${formatDuration(end - from)}`);
  lines.push('', `Critical path: ${path.join(' → ')}`, '');
  return lines.join('\n');
}
