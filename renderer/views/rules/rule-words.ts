import { headerPairs } from '../../../shared/headers.ts';
import type { HeaderChanges, RuleAction } from '../../../shared/rules.ts';
import { formatBytes, formatDuration } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';

/** What a rule does, in short. */
export function ruleWords(t: Translate, action: RuleAction): string {
  switch (action.type) {
    case 'answer': {
      const { status, body } = action;
      if (body === '') return t('rules.answersEmpty', { status });
      return t('rules.answers', { status, size: formatBytes(new TextEncoder().encode(body).length) });
    }
    case 'file':
      return t('rules.answersFile', { path: action.path });
    case 'redirect':
      return t('rules.redirects', { to: action.to });
    case 'headers':
      return headerWords(t, action.request, action.response).join(' · ');
    case 'delay':
      return t('rules.delays', { time: formatDuration(action.ms) });
    case 'block':
      return t(action.how === 'refuse' ? 'rules.refuses' : 'rules.closes');
    case 'pause':
      return t(PAUSES[action.at]);
  }
}

const PAUSES = {
  request: 'rules.pausesRequest',
  response: 'rules.pausesResponse',
  both: 'rules.pausesBoth',
} as const;

function headerWords(t: Translate, request: HeaderChanges, response: HeaderChanges): string[] {
  const words: string[] = [];
  const list = (names: readonly string[]): string => [...new Set(names)].join(t('common.comma'));
  const setIn = ({ set }: HeaderChanges): string => list([...headerPairs(set)].map(([name]) => name));
  if (request.set.length > 0) words.push(t('rules.setsOnRequest', { fields: setIn(request) }));
  if (request.remove.length > 0) words.push(t('rules.removesFromRequest', { fields: list(request.remove) }));
  if (response.set.length > 0) words.push(t('rules.setsOnResponse', { fields: setIn(response) }));
  if (response.remove.length > 0) words.push(t('rules.removesFromResponse', { fields: list(response.remove) }));
  return words;
}
