import type { Settings } from '../../../shared/settings.ts';
import type { Translate } from '../../i18n/translate.ts';
import type { Made } from '../common/draft-form.tsx';
import { listProblems } from './list-problems.ts';

export type User = Settings['access']['users'][number];

/** A user as it stands in its form; the password only until it is saved. */
export interface UserDraft {
  readonly name: string;
  readonly password: string;
}

export type UserErrors = Readonly<Partial<Record<keyof UserDraft, string>>>;

/** Stands for a password in a user who is checked before there is one. */
const SOME_HASH = `{SHA}${'A'.repeat(27)}=`;

/** The user that a draft makes, or what is wrong with it. @param others who there are besides. */
export function userOf(t: Translate, draft: UserDraft, others: readonly User[]): Made<UserDraft, UserErrors> {
  const name = draft.name.trim();
  // The list's own rule, that names differ, concerns this user's as well.
  const [problem] = listProblems({ access: { users: [...others, { name, password: SOME_HASH }] } });
  const errors: UserErrors = {
    ...(problem === undefined ? {} : { name: problem.message }),
    ...(draft.password === '' ? { password: t('routing.needsPassword') } : {}),
  };
  return Object.keys(errors).length > 0 ? { errors } : { value: { name, password: draft.password } };
}

/** Who may use the proxy now, in words. */
export function accessWords(t: Translate, { users, allow }: Settings['access']): string {
  const one = users.length === 1;
  if (users.length > 0 && allow.length > 0) return t(one ? 'routing.onlyUserAt' : 'routing.onlyUsersAt');
  if (users.length > 0) return t(one ? 'routing.onlyUser' : 'routing.onlyUsers');
  return t(allow.length > 0 ? 'routing.onlyAddresses' : 'routing.everyone');
}
