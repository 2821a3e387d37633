import type { Translate } from '../../i18n/translate.ts';

const NAMED = [1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015] as const;

/** What a WebSocket's close code means (RFC 6455 §7.4.1 and the IANA registry that it founds). */
export function closeWords(t: Translate, code: number): string {
  const named = NAMED.find((one) => one === code);
  if (named !== undefined) return t(`messages.close${named}`);
  if (code >= 3000 && code < 4000) return t('messages.closeLibrary');
  if (code >= 4000 && code < 5000) return t('messages.closeApplication');
  return t('messages.closeUnassigned');
}
