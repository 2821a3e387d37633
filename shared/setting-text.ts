import * as v from 'valibot';
import { messageOf } from './message-of.ts';
import { issuesSentence } from './settings.ts';
import type { Setting } from './settings-list.ts';

/** A text read as the value of a setting, or what is wrong with it, as a sentence. */
export type ReadSetting =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

const SIZES: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };
/** In milliseconds. */
const TIMES: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads what was typed, on the command line or on the page of settings. */
export function readSetting(setting: Setting, text: string): ReadSetting {
  const read = rawValue(setting, text.trim());
  return read.ok ? checkSetting(setting, read.value) : read;
}

/** Whether a value is one that the setting may have. */
export function checkSetting({ schema, kind, path }: Setting, value: unknown): ReadSetting {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return { ok: true, value: parsed.output };
  const [issue] = parsed.issues;
  const text: unknown = kind === 'texts' ? issue.path?.[0]?.value : undefined;
  // A list is shown as its texts, so the wrong one says more than its place. Rows have a place in the settings alone.
  if (typeof text === 'string') return { ok: false, message: `${text}: ${issue.message}.` };
  return { ok: false, message: issuesSentence([issue], kind === 'rows' ? path : '') };
}

/** A value as somebody would type it; {@link readSetting} reads it back. */
export function writeSetting(setting: Setting, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return writeNumber(setting, value);
  if (setting.kind === 'texts') return (value as readonly string[]).join(', ');
  return JSON.stringify(value, undefined, 2);
}

function rawValue(setting: Setting, text: string): ReadSetting {
  switch (setting.kind) {
    case 'switch':
      if (text === 'on' || text === 'off') return { ok: true, value: text === 'on' };
      return { ok: false, message: 'It is on or off.' };
    case 'choice':
      if (setting.choices.includes(text)) return { ok: true, value: text };
      return { ok: false, message: `It is one of ${setting.choices.join(', ')}.` };
    case 'number':
      return readNumber(setting, text);
    case 'text':
      return { ok: true, value: text };
    case 'texts':
      return { ok: true, value: text.split(/[\s,;]+/).filter((one) => one !== '') };
    case 'rows':
      return readJson(text);
  }
}

function readNumber({ unit }: Setting, text: string): ReadSetting {
  const [, digits = '', word = ''] = /^(-?\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor =
    unit === 'bytes' ? SIZES[/^([kmgt]?)(?:i?b)?$/i.exec(word)?.[1]?.toUpperCase() ?? '?'] : timeFactor(unit, word);
  if (digits === '' || factor === undefined) return { ok: false, message: NUMBER_RULES[unit ?? 'things'] };
  const value = Number(digits) * factor;
  return { ok: true, value: unit === undefined ? value : Math.floor(value) };
}

const NUMBER_RULES = {
  things: 'It is a number, as in 20.',
  bytes: 'A size is a number of bytes, or one with K, M, G or T, as in 512M.',
  milliseconds: 'A time is a number of milliseconds, or one with ms, s, m, h or d, as in 30s.',
  seconds: 'A time is a number of seconds, or one with s, m, h or d, as in 1h.',
};

function timeFactor(unit: Setting['unit'], word: string): number | undefined {
  if (unit === undefined) return word === '' ? 1 : undefined;
  const own = unit === 'seconds' ? 1_000 : 1;
  const milliseconds = word === '' ? own : TIMES[word.toLowerCase()];
  return milliseconds === undefined ? undefined : milliseconds / own;
}

function writeNumber({ unit }: Setting, value: number): string {
  if (unit === undefined || value === 0) return String(value);
  const units = Object.entries(unit === 'bytes' ? SIZES : TIMES).toReversed();
  const own = unit === 'seconds' ? 1_000 : 1;
  for (const [word, factor] of units) {
    if ((value * own) % factor === 0 && value * own >= factor) return `${(value * own) / factor}${word}`;
  }
  return String(value);
}

function readJson(text: string): ReadSetting {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, message: `It is no JSON: ${messageOf(error)}.` };
  }
}
