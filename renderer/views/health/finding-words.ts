import type { Finding } from '../../../shared/health-contract.ts';
import { formatBytes, formatSeconds } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';

/** A finding in words: what is, and what that means. */
export interface FindingWords {
  readonly title: string;
  readonly text: string;
  /** A hint is no fault: it is not counted. */
  readonly tone: 'problem' | 'hint';
}

export function findingWords(t: Translate, finding: Finding): FindingWords {
  switch (finding.id) {
    case 'port-taken': {
      const [wanted, used] = [String(finding.wanted), String(finding.used)];
      return problem(t('health.portTaken', { wanted }), t('health.portTakenHelp', { wanted, used }));
    }
    case 'ca-untrusted':
      return { title: t('health.caUntrusted'), text: t('health.caUntrustedHelp'), tone: 'hint' };
    case 'not-used':
      return { title: t('health.notUsed'), text: t('health.notUsedHelp'), tone: 'hint' };
    case 'clock': {
      const amount = formatSeconds(Math.round(Math.abs(finding.ahead) / 1000));
      const title = finding.ahead > 0 ? t('health.clockAhead', { amount }) : t('health.clockBehind', { amount });
      return problem(title, t('health.clockHelp', { hosts: finding.hosts }));
    }
    case 'data-directory': {
      const { directory, reason } = finding;
      return problem(t('health.dataDirectory'), t('health.dataDirectoryHelp', { directory, reason }));
    }
    case 'disk-full': {
      const { directory, freeBytes } = finding;
      return problem(t('health.diskFull'), t('health.diskFullHelp', { directory, free: formatBytes(freeBytes) }));
    }
    case 'cache-store':
      return problem(t('health.cacheStore'), finding.reasons.join(' '));
  }
}

function problem(title: string, text: string): FindingWords {
  return { title, text, tone: 'problem' };
}
