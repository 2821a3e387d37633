import { isLoopbackHost } from '../../../shared/loopback.ts';
import type { Settings } from '../../../shared/settings.ts';
import { formatCount } from '../../format/units.ts';

/** Who can use the proxy, in a few words and in a sentence. No words for one that serves this machine alone, unprotected. */
export function exposure(
  listensOn: string,
  { users, allow }: Pick<Settings['access'], 'users' | 'allow'>,
): { readonly words: string; readonly hint: string } {
  const remote = !isLoopbackHost(listensOn);
  const needs = [users.length > 0 ? 'login' : '', allow.length > 0 ? 'address list' : ''].filter((need) => need !== '');
  const words = [remote ? 'On the network' : '', ...needs].filter((word) => word !== '').join(' · ');
  const who = remote ? 'Other machines can use the proxy' : 'Only this machine can use the proxy';
  const how = [
    users.length > 0 ? `with the login of ${counted(users.length, 'user', 'users')}` : '',
    allow.length > 0 ? `from ${counted(allow.length, 'allowed address or block', 'allowed addresses or blocks')}` : '',
  ].filter((part) => part !== '');
  return { words: words.charAt(0).toUpperCase() + words.slice(1), hint: `${[who, ...how].join(', ')}.` };
}

function counted(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
