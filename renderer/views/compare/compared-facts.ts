import { decisionSentence } from '../../../shared/decision.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { formatBytes, formatDuration } from '../../format/units.ts';
import { buildTimeline } from '../timeline/timeline-model.ts';

/** A fact of two exchanges. */
export interface ComparedFact {
  readonly name: string;
  readonly left: string;
  readonly right: string;
  readonly differs: boolean;
}

const ABSENT = '–';

/** What the two are, in short. */
export function exchangeFacts(left: ExchangeView, right: ExchangeView): ComparedFact[] {
  const rows: readonly (readonly [string, (view: ExchangeView) => string])[] = [
    ['Method', (view) => view.method],
    ['URL', (view) => view.url],
    ['Status', (view) => (view.status === undefined ? ABSENT : `${view.status} ${view.response?.reason ?? ''}`.trim())],
    ['Outcome', (view) => view.outcome?.kind ?? 'running'],
    ['Protocol', (view) => view.version],
    ['Answered by', (view) => view.from ?? ABSENT],
    ['Upstream', (view) => view.upstream ?? ABSENT],
    ['Request body', (view) => formatBytes(view.requestBytes)],
    ['Response body', (view) => formatBytes(view.responseBytes)],
    ['Cache', (view) => view.decision?.verdict ?? ABSENT],
    [
      'Decision',
      (view) => (view.decision === undefined ? ABSENT : decisionSentence(view.decision).replaceAll('`', '')),
    ],
  ];
  return rows.map(([name, of]) => compared(name, of(left), of(right)));
}

/** How long each phase took in either. */
export function phaseFacts(left: ExchangeView, right: ExchangeView, now: number): ComparedFact[] {
  const [first, second] = [phaseTimes(left, now), phaseTimes(right, now)];
  const names = [...new Set([...first.keys(), ...second.keys()])];
  const words = (time: number | undefined): string => (time === undefined ? ABSENT : formatDuration(time));
  return names.map((name) => {
    const [a, b] = [first.get(name), second.get(name)];
    // Times are never the same: what is twice as long and noticeable is a difference.
    const differs = a === undefined || b === undefined || (Math.abs(a - b) > 1 && Math.max(a, b) > 2 * Math.min(a, b));
    return { name, left: words(a), right: words(b), differs };
  });
}

function phaseTimes(view: ExchangeView, now: number): Map<string, number> {
  const model = buildTimeline(view, now);
  const times = new Map([['Total', model.end - model.start]]);
  for (const { label, tracks } of model.lanes) {
    for (const track of tracks) {
      const time = track.bars.reduce((sum, bar) => sum + bar.end - bar.start, 0);
      times.set(`${label}: ${track.label}`, time);
    }
  }
  return times;
}

function compared(name: string, left: string, right: string): ComparedFact {
  return { name, left, right, differs: left !== right };
}

/** The fields of two messages by name: those of the left in their order, then those that only the right has. */
export function fieldFacts(left: readonly string[], right: readonly string[]): ComparedFact[] {
  const [first, second] = [byName(left), byName(right)];
  const names = [...new Set([...first.keys(), ...second.keys()])];
  return names.map((name) => compared(name, first.get(name) ?? ABSENT, second.get(name) ?? ABSENT));
}

function byName(headers: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase();
    const before = fields.get(name);
    fields.set(name, before === undefined ? (headers[i + 1] ?? '') : `${before}\n${headers[i + 1] ?? ''}`);
  }
  return fields;
}
