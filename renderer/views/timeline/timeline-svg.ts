import { formatDuration } from '../../format/units.ts';
import { visibleText } from '../../format/visible-text.ts';
import { axisTicks } from './axis-ticks.ts';
import { totalLength } from './intervals.ts';
import { phaseColour } from './phases.ts';
import type { TimelineModel } from './timeline-model.ts';

const WIDTH = 960;
const LABEL = 190;
const VALUE = 80;
const ROW = 22;
const TOP = 64;

/** The colours of the light theme: a picture is looked at on paper and in issues. */
const COLOURS: Readonly<Record<string, string>> = {
  ...{ accept: '#98a2b3', connection: '#c3cad6', dns: '#1a9aa0', connect: '#e58a13', tls: '#9457d6', send: '#2b9fd4' },
  ...{
    wait: '#2fa866',
    receive: '#3f78e0',
    deliver: '#6d7fe0',
    tunnel: '#6d7fe0',
    setup: '#8c9ab0',
    handle: '#dde3ec',
  },
  ...{ finish: '#6b7688', paused: '#b0458f', failed: '#d33a30' },
};

/** The timeline as a picture that stands alone. Text in it is captured, so it is escaped. */
export function timelineSvg(title: string, model: TimelineModel): string {
  const length = Math.max(model.end - model.start, 0.001);
  const plot = WIDTH - LABEL - VALUE - 32;
  const x = (time: number): number => 16 + LABEL + ((time - model.start) / length) * plot;
  const rows = model.lanes.flatMap(({ tracks }) => tracks);
  const height = TOP + rows.length * ROW + 16;
  const parts: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(16, 26, title.slice(0, 120), '#191d26', 'font-weight="bold" font-size="14"'),
  ];
  for (const tick of [{ at: 0, label: '0' }, ...axisTicks({ start: 0, end: length }, plot)]) {
    const at = x(model.start + tick.at).toFixed(1);
    parts.push(`<line x1="${at}" y1="${TOP - 8}" x2="${at}" y2="${height - 12}" stroke="#e1e5eb"/>`);
    parts.push(text(Number(at), TOP - 14, tick.label, '#616a7b', 'text-anchor="middle" font-size="10"'));
  }
  rows.forEach((track, place) => {
    const y = TOP + place * ROW;
    const sum = totalLength(track.bars);
    parts.push(text(16 + track.depth * 10, y + 15, track.label.slice(0, 28), '#4d5666'));
    for (const bar of track.bars) {
      const width = Math.max(1.5, x(bar.end) - x(bar.start));
      const colour = COLOURS[bar.error === undefined ? phaseColour(bar.phase) : 'failed'] ?? '#98a2b3';
      parts.push(box(x(bar.start), y + 4, width, colour, `${bar.label}: ${formatDuration(bar.end - bar.start)}`));
      for (const own of bar.own ?? [])
        parts.push(box(x(own.start), y + 4, Math.max(1, x(own.end) - x(own.start)), '#d39a2d', ''));
    }
    parts.push(text(WIDTH - 16, y + 15, formatDuration(sum), '#4d5666', 'text-anchor="end"'));
  });
  return `${parts.join('\n')}\n</svg>\n`;
}

function text(x: number, y: number, content: string, colour: string, more = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y}" fill="${colour}" ${more}>${escape(content)}</text>`;
}

function box(x: number, y: number, width: number, colour: string, title: string): string {
  const inner = title === '' ? '' : `<title>${escape(title)}</title>`;
  return `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="14" rx="2" fill="${colour}">${inner}</rect>`;
}

function escape(content: string): string {
  return visibleText(content).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
