import type { Translate } from '../../i18n/translate.ts';
import type { SessionEntry, SessionProgress } from '../../../shared/session-contract.ts';
import { formatBytes } from '../../format/units.ts';

/** When something was, from the first to the last minute; without the day when it was today. */
export function timeSpan(t: Translate, from: number, to: number, now = new Date()): string {
  const today =
    new Date(from).toDateString() === now.toDateString() && new Date(to).toDateString() === now.toDateString();
  const day = { day: 'numeric', month: 'short' } as const;
  const format = new Intl.DateTimeFormat(t.language, { ...(today ? {} : day), hour: '2-digit', minute: '2-digit' });
  return format.formatRange(from, to);
}

/** What a row says of a session besides its name. */
export function sessionFacts(t: Translate, { kind, exchanges, bytes, startedAt, endedAt }: SessionEntry): string {
  const facts = [
    ...(exchanges === undefined ? [] : [t('sessions.requests', { count: exchanges })]),
    formatBytes(bytes),
    kind === 'run' ? t('sessions.factUnsaved') : kind === 'har' ? 'HAR' : t('sessions.factSaved'),
    timeSpan(t, startedAt ?? endedAt, endedAt),
  ];
  return facts.join(' · ');
}

export function progressText(t: Translate, { work, name, done, of }: SessionProgress): string {
  if (of === undefined) {
    return t(work === 'saving' ? 'sessions.savingProgress' : 'sessions.openingProgress', { name, done });
  }
  return t(work === 'saving' ? 'sessions.savingProgressOf' : 'sessions.openingProgressOf', { name, done, of });
}
