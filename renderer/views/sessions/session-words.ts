import type { SessionEntry, SessionProgress } from '../../../shared/session-contract.ts';
import { formatBytes, formatCount } from '../../format/units.ts';

/** As in `3 requests`. */
export function requestCount(count: number): string {
  return count === 1 ? '1 request' : `${formatCount(count)} requests`;
}

/** When something was, from the first to the last minute; without the day when it was today. */
export function timeSpan(from: number, to: number, now = new Date()): string {
  const today =
    new Date(from).toDateString() === now.toDateString() && new Date(to).toDateString() === now.toDateString();
  const day = { day: 'numeric', month: 'short' } as const;
  const format = new Intl.DateTimeFormat(undefined, { ...(today ? {} : day), hour: '2-digit', minute: '2-digit' });
  return format.formatRange(from, to);
}

/** What a row says of a session besides its name. */
export function sessionFacts({ kind, exchanges, bytes, startedAt, endedAt }: SessionEntry): string {
  const facts = [
    ...(exchanges === undefined ? [] : [requestCount(exchanges)]),
    formatBytes(bytes),
    kind === 'run' ? 'not saved' : kind === 'har' ? 'HAR' : 'saved',
    timeSpan(startedAt ?? endedAt, endedAt),
  ];
  return facts.join(' · ');
}

export function progressText({ work, name, done, of }: SessionProgress): string {
  const verb = work === 'saving' ? 'Saving' : 'Opening';
  return `${verb} “${name}”: ${formatCount(done)}${of === undefined ? '' : ` of ${formatCount(of)}`} requests`;
}
