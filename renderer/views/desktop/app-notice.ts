import type { AppNotice } from '../../../shared/app-contract.ts';
import type { Translate } from '../../i18n/translate.ts';
import type { Notice } from '../../store/session-store.ts';

type Line = Pick<Notice, 'tone' | 'text'>;

/** What a notice of the application says, in one line or more. */
export function noticeLines(t: Translate, notice: AppNotice): Line[] {
  switch (notice.code) {
    case 'opened':
      return openedLines(t, notice);
    case 'not-opened':
      return [error(t('desktop.notOpened', { name: notice.name, reason: notice.reason }))];
    case 'unknown-link':
      return [error(t('desktop.unknownLink', { link: notice.link }))];
    case 'page-restarted':
      return [error(t('desktop.pageRestarted'))];
    case 'engine-restarted':
      return [
        notice.reason === undefined
          ? { tone: 'info', text: t('desktop.engineRestarted') }
          : error(t('desktop.engineFailed', { reason: notice.reason })),
      ];
    case 'flags-ignored':
      return [error(t('desktop.flagsIgnored', { flags: notice.flags.join(', ') }))];
  }
}

function openedLines(t: Translate, { name, imported, lost, problem }: Extract<AppNotice, { code: 'opened' }>): Line[] {
  return [
    { tone: 'info', text: t('desktop.opened', { count: imported, name }) },
    ...(lost > 0 ? [error(t('desktop.lost', { count: lost, name }))] : []),
    ...(problem === undefined ? [] : [error(t('desktop.endedEarly', { name, problem }))]),
  ];
}

function error(text: string): Line {
  return { tone: 'error', text };
}
