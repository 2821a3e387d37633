import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { SettingPath } from '../../shared/setting-facts.ts';
import { checkSetting, readSetting, writeSetting } from '../../shared/setting-text.ts';
import type { ReadSetting } from '../../shared/setting-text.ts';
import { defaultSettings } from '../../shared/settings.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import { settingAt, settingPatch, SETTINGS, settingValue } from '../../shared/settings-list.ts';
import type { Setting } from '../../shared/settings-list.ts';
import { sentence } from './check-patch.ts';
import { withoutMark } from './without-mark.ts';

/** Settings whose flags mean more than a value: they are added beside what they mean, by {@link settingOption}. */
const ELSEWHERE: ReadonlySet<SettingPath> = new Set<SettingPath>([
  'access.users',
  'upstreams',
  'forwardTo',
  'routes',
  'dns',
  'originTls.extraCaFiles',
  'originTls.clientCertificates',
  'handlers',
]);

const BY_VALUE = SETTINGS.filter(({ path }) => !ELSEWHERE.has(path));

/** Adds a flag for each setting that is a value, as its schema describes it. */
export function addSettingFlags(command: Command): Command {
  const defaults = defaultSettings();
  for (const setting of BY_VALUE) command.addOption(valueOption(setting, settingValue(defaults, setting.path)));
  return command;
}

/** What the flags of {@link addSettingFlags} change in the settings, for one run. @param flags as commander gives them */
export function settingOverrides(flags: Readonly<Record<string, unknown>>): SettingsPatch {
  const patch: Record<string, unknown> = {};
  for (const { path, flag } of BY_VALUE) {
    const value = flags[new Option(flag).attributeName()];
    if (value === undefined) continue;
    for (const [key, change] of Object.entries(settingPatch(path, value)))
      patch[key] = path.includes('.') ? { ...(patch[key] as object | undefined), ...(change as object) } : change;
  }
  return patch;
}

/** The flag of a setting, with its help, for those who read what it takes themselves. */
export function settingOption(path: SettingPath): Option {
  const setting = settingAt(path);
  return new Option(setting.flag, helpOf(setting));
}

function valueOption(setting: Setting, byDefault: unknown): Option {
  const usual = setting.kind === 'rows' ? '' : writeSetting(setting, byDefault);
  const option = new Option(setting.flag, `${helpOf(setting)}${usual === '' ? '' : ` (default: ${usual})`}`);
  const choices = setting.kind === 'switch' ? ['on', 'off'] : setting.choices;
  if (choices.length > 0) option.choices(choices);
  return option.argParser((text: string, before: unknown) => readFlag(setting, text, before));
}

/** Lists may be given one by one, by commas, and by repeating the flag. */
function readFlag(setting: Setting, text: string, before: unknown): unknown {
  const read = readSetting(setting, setting.kind === 'rows' ? fileText(text) : text);
  const whole =
    read.ok && setting.kind === 'texts' && Array.isArray(before)
      ? checkSetting(setting, [...(before as unknown[]), ...(read.value as unknown[])])
      : read;
  return valueOf(whole);
}

function valueOf(read: ReadSetting): unknown {
  if (read.ok) return read.value;
  throw new InvalidArgumentError(sentence(read.message));
}

function fileText(path: string): string {
  try {
    return withoutMark(readFileSync(path, 'utf8'));
  } catch (error) {
    throw unreadable(error);
  }
}

/** Commander's error for a flag whose file cannot be read. */
export function unreadable(error: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`It cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}.`);
}

/** The words about a setting as the help of its flag: one line without capitals, but for names, and without a full stop. */
function helpOf({ title, about }: Setting): string {
  return `${uncapitalised(title)}: ${uncapitalised(about).replace(/\.$/, '')}`;
}

function uncapitalised(text: string): string {
  return /^[A-Z][a-z]* /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
