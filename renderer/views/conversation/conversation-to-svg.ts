import { formatDuration } from '../../format/units.ts';
import { visibleText } from '../../format/visible-text.ts';
import type { Conversation, ConversationMessage, LaneId } from './conversation.ts';
import { anchorOf } from './diagram-anchor.ts';
import type { Anchor } from './diagram-anchor.ts';
import type { Translate } from '../../i18n/translate.ts';

const TIME_WIDTH = 84;
const LANE_WIDTH = 180;
const LEAST_LANES_WIDTH = 620;
const HEAD_HEIGHT = 64;
const LINE_HEIGHT = 17;
/** Between the last line of text and the arrow, and below it. */
const ARROW_ROOM = 10;
const ROW_GAP = 14;
/** A sans-serif letter of 13 pixels takes about this much. */
const LETTER_WIDTH = 6.7;
const LONGEST_NAME = 26;

const STYLE = `
  text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; fill: #191d26; }
  .paper { fill: #ffffff; }
  .name { font-weight: 600; text-anchor: middle; }
  .who { font-size: 11px; fill: #616a7b; text-anchor: middle; }
  .time { font-size: 11px; fill: #616a7b; text-anchor: end; }
  .life { stroke: #c6ccd6; stroke-dasharray: 2 3; }
  .arrow { stroke: #4d5666; stroke-width: 1.5; fill: none; }
  .head, .dot { fill: #4d5666; }
  .answer { stroke-dasharray: 5 4; }
  .good { stroke: #12703b; } .head.good, .dot.good { fill: #12703b; stroke: none; }
  .warn { stroke: #8a5200; } .head.warn, .dot.warn { fill: #8a5200; stroke: none; }
  .bad { stroke: #b3231b; } .head.bad, .dot.bad { fill: #b3231b; stroke: none; }
  .right { text-anchor: end; }
  .thought { font-style: italic; }
  .halo { stroke: #ffffff; stroke-width: 5px; paint-order: stroke; stroke-linejoin: round; }`;

/** The conversation as an SVG document of its own: no scripts, no references, captured text as text alone. */
export function conversationToSvg(t: Translate, { title, lanes, messages }: Conversation): string {
  const order = lanes.map(({ id }) => id);
  const pitch = Math.max(LANE_WIDTH, LEAST_LANES_WIDTH / Math.max(1, order.length));
  const width = Math.round(TIME_WIDTH + pitch * order.length);
  const rows: string[] = [];
  let y = HEAD_HEIGHT + ROW_GAP;
  for (const message of messages) {
    const row = drawRow(t, message, order, pitch, y);
    rows.push(row.svg);
    y += row.height;
  }
  const heads = lanes.map(({ name, who }, index) => {
    const x = centre(index, pitch);
    const label = `<text class="name" x="${x}" y="26">${escape(name)}</text>`;
    const detail = `<text class="who" x="${x}" y="44">${escape(cut(who))}</text>`;
    return `${label}${detail}<line class="life" x1="${x}" y1="54" x2="${x}" y2="${y}"/>`;
  });
  const height = y + ROW_GAP;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...heads,
    ...rows,
    '</svg>\n',
  ].join('\n');
}

function drawRow(
  t: Translate,
  message: ConversationMessage,
  order: readonly LaneId[],
  pitch: number,
  y: number,
): { svg: string; height: number } {
  const anchor = anchorOf(message, order);
  const { text, exchange } = message;
  const whole = exchange === undefined ? text : t('conversation.aside', { text, id: exchange });
  const room = anchor.side === 'left' ? order.length - anchor.left - 0.5 : anchor.right + 0.5;
  const lines = wrap(visibleText(whole), Math.floor((room * pitch - 16) / LETTER_WIDTH));
  const textHeight = lines.length * LINE_HEIGHT;
  const x = centre(anchor.side === 'left' ? anchor.left : anchor.right, pitch) + (anchor.side === 'left' ? 8 : -8);
  const classes = ['halo', ...(anchor.side === 'right' ? ['right'] : []), ...(anchor.thought ? ['thought'] : [])].join(
    ' ',
  );
  const words = lines.map(
    (line, index) => `<text class="${classes}" x="${x}" y="${y + 12 + index * LINE_HEIGHT}">${escape(line)}</text>`,
  );
  const time = `<text class="time" x="${TIME_WIDTH - 12}" y="${y + 12}">${escape(formatDuration(message.at))}</text>`;
  const mark = anchor.thought ? dot(message, anchor, pitch, y + 8) : arrow(message, anchor, pitch, y + textHeight + 3);
  const height = textHeight + ROW_GAP + (anchor.thought ? 0 : ARROW_ROOM);
  return { svg: `<g>${time}${mark}${words.join('')}</g>`, height };
}

function arrow({ answer, tone }: ConversationMessage, anchor: Anchor, pitch: number, y: number): string {
  const x1 = centre(anchor.left, pitch);
  const x2 = centre(anchor.right, pitch);
  const line = `<line class="arrow ${tone}${answer ? ' answer' : ''}" x1="${x1}" y1="${y}" x2="${x2}" y2="${y}"/>`;
  const [tip, back] = anchor.backwards ? [x1, x1 + 8] : [x2, x2 - 8];
  return `${line}<path class="head ${tone}" d="M${tip} ${y}L${back} ${y - 4}V${y + 4}Z"/>`;
}

function dot({ tone }: ConversationMessage, { left }: Anchor, pitch: number, y: number): string {
  return `<circle class="dot ${tone}" cx="${centre(left, pitch)}" cy="${y}" r="4"/>`;
}

function centre(place: number, pitch: number): number {
  return Math.round(TIME_WIDTH + (place + 0.5) * pitch);
}

/** Words in lines that are at most `most` letters wide; a longer word is cut. */
function wrap(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((long) => cutWord(long, Math.max(8, most)))) {
    if (line !== '' && lettersWide(line) + 1 + lettersWide(word) > most) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Cuts a word, or Chinese, which has no spaces, into parts that are at most `most` letters wide. */
function cutWord(word: string, most: number): string[] {
  const parts: string[] = [];
  let part = '';
  let wide = 0;
  for (const letter of word) {
    const more = lettersWide(letter);
    if (wide + more > most) {
      parts.push(part);
      part = '';
      wide = 0;
    }
    part += letter;
    wide += more;
  }
  return [...parts, part];
}

const FULL_WIDTH = /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/g;

/** How wide a text is, in letters: Chinese characters take two. */
function lettersWide(text: string): number {
  return text.length + (text.match(FULL_WIDTH)?.length ?? 0);
}

function cut(name: string): string {
  const letters = Array.from(visibleText(name));
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join('')}…` : letters.join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  // What visibleText leaves are characters that XML allows, but for the two noncharacters (XML 1.0 §2.2).
  return visibleText(text)
    .replace(/[\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
