import { isLoopbackHost } from '../../../shared/loopback.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { Translate } from '../../i18n/translate.ts';

/** Who can use the proxy, in a few words and in sentences. No words for one that serves this machine alone, unprotected. */
export function exposure(
  t: Translate,
  listensOn: string,
  { users, allow }: Pick<Settings['access'], 'users' | 'allow'>,
): { readonly words: string; readonly hint: string } {
  const remote = !isLoopbackHost(listensOn);
  const words = [
    remote ? t('statusBar.onNetwork') : '',
    users.length > 0 ? t('statusBar.withLogin') : '',
    allow.length > 0 ? t('statusBar.withAddresses') : '',
  ];
  const sentences = [
    t(remote ? 'statusBar.others' : 'statusBar.onlyHere'),
    users.length > 0 ? t('statusBar.loginHint', { count: users.length }) : '',
    allow.length > 0 ? t('statusBar.addressesHint', { count: allow.length }) : '',
  ];
  return { words: joined(words, ' · '), hint: joined(sentences, ' ') };
}

function joined(parts: readonly string[], by: string): string {
  return parts.filter((part) => part !== '').join(by);
}
