import { readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import * as v from 'valibot';
import { accessEntries } from '../../shared/settings-access.ts';
import type { Settings, SettingsPatch } from '../../shared/settings.ts';
import { hashPassword } from '../engine/access/password-hash.ts';
import { settingOption } from './setting-flags.ts';
import { withoutMark } from './without-mark.ts';

/** The flags about who may use the proxy, as commander gives them. */
export interface AccessFlags {
  readonly auth?: readonly string[];
}

type Users = Settings['access']['users'];

/** Adds the flags about who may use the proxy to a command. */
export function addAccessFlags(command: Command): Command {
  // Checked by accessOverrides: an error of commander's would quote the password.
  const auth = settingOption('access.users').argParser((text, before: readonly string[] | undefined) => [
    ...(before ?? []),
    text,
  ]);
  return command
    .option('--allow-remote', 'let --host be an address that other machines can reach', false)
    .addOption(auth);
}

/** What the flags change in the settings. Ends `command` with an error, which quotes no password, for bad credentials. */
export function accessOverrides({ auth }: AccessFlags, command: Command): Pick<SettingsPatch, 'access'> {
  if (auth === undefined) return {};
  const checked = v.safeParse(
    accessEntries.users,
    auth.flatMap((text) => usersOf(text, command)),
  );
  return checked.success
    ? { access: { users: checked.output } }
    : command.error(`hopscope: --auth: ${checked.issues[0].message}`);
}

function usersOf(text: string, command: Command): Users {
  const file = readUsersFile(text, command);
  if (file !== undefined) {
    const users = file.split(/\r?\n/).flatMap((line, i) => {
      const stripped = line.trim();
      return stripped === '' || stripped.startsWith('#') ? [] : [userOf(stripped, `${text}, line ${i + 1}`, command)];
    });
    if (users.length === 0) command.error(`hopscope: --auth: ${text} names no user`);
    return users;
  }
  if (!text.includes(':')) command.error(`hopscope: --auth: ${text} is neither USER:PASSWORD nor a file that is there`);
  return [userOf(text, 'the value', command)];
}

/** The text of a file with passwords, which nobody else may read; undefined when there is no such file. */
function readUsersFile(path: string, command: Command): string | undefined {
  try {
    const { mode } = statSync(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      command.error(`hopscope: --auth: other users can read ${path}; have chmod 600 end that`);
    return withoutMark(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ERR_INVALID_ARG_VALUE')
      return undefined;
    if (code === undefined || code.startsWith('commander')) throw error;
    return command.error(`hopscope: --auth: ${path} cannot be read: ${code}`);
  }
}

/** A hash that can be checked stays as it is; a password is hashed. */
function userOf(text: string, where: string, command: Command): Users[number] {
  const [, name = '', password = ''] = /^([^:]+):(.+)$/.exec(text) ?? [];
  if (name === '') command.error(`hopscope: --auth: ${where} is not USER:PASSWORD`);
  const [, kind] = /^(\$(?:1|2x?|5|6|7|y|argon2\w*)\$|\{(?!SHA\})\w+\})/.exec(password) ?? [];
  if (kind !== undefined) {
    const remedy = 'give the password, or make the entry with htpasswd -B';
    command.error(`hopscope: --auth: ${where} has a ${HASHES[kind] ?? kind} hash, which cannot be checked; ${remedy}`);
  }
  return {
    name,
    password: /^(?:scrypt\$|\$apr1\$|\$2[aby]\$|\{SHA\})/.test(password) ? password : hashPassword(password),
  };
}

const HASHES: Readonly<Record<string, string>> = {
  ...{ $1$: 'MD5-crypt', $2$: 'old bcrypt', $2x$: 'faulty bcrypt' },
  ...{ $5$: 'SHA-256-crypt', $6$: 'SHA-512-crypt', $y$: 'yescrypt', $7$: 'scrypt-crypt' },
};
