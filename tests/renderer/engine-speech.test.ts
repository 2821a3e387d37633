import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ExchangeError } from '../../electron/engine/errors.ts';
import type { ErrorCode } from '../../electron/engine/errors.ts';
import { problemSentence } from '../../renderer/format/problem-sentence.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { engineSpeech } from '../../renderer/i18n/engine-speech.ts';
import { chinese, PHRASES } from '../../renderer/i18n/zh-CN/chinese.ts';
import { readSetting } from '../../shared/setting-text.ts';
import { SETTINGS } from '../../shared/settings-list.ts';
import { parseFilter } from '../../shared/filter/parse-filter.ts';

const root = join(import.meta.dirname, '../..');

/** All that is written where the engine's sentences come from, escapes undone. */
function sources(): string {
  const files = ['electron', 'shared', 'renderer/client'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  );
  return files.join('\n').replaceAll('\\', '');
}

describe('the phrases of the engine in Chinese', () => {
  test('are phrases that the engine has', () => {
    const written = sources();
    const longest = (english: string): string =>
      english.split(/\{\{\d\}\}/).reduce((most, piece) => (piece.length > most.length ? piece : most));
    expect(PHRASES.map(([english]) => longest(english)).filter((piece) => !written.includes(piece))).toEqual([]);
  });

  test('have the same places, each phrase once', () => {
    const places = (text: string): string[] => [...text.matchAll(/\{\{\d\}\}/g)].map(([place]) => place).sort();
    const differ = PHRASES.filter(([english, other]) => places(english).join() !== places(other).join());
    expect(differ).toEqual([]);
    expect(new Set(PHRASES.map(([english]) => english)).size).toBe(PHRASES.length);
  });

  test('are there for every failure of an exchange', () => {
    const table = readFileSync(join(root, 'electron/engine/errors.ts'), 'utf8');
    const codes = [...table.matchAll(/^ {2}([A-Z_]+): \[/gm)].map(([, code]) => code as ErrorCode);
    expect(codes.length).toBeGreaterThan(70);
    const said = codes.map((code) => chinese().said(new ExchangeError(code, 'phase').summary));
    expect(said.filter((text) => !/\p{Script=Han}/u.test(text))).toEqual([]);
  });
});

/** A filter for each mistake that there is. */
const WRONG_FILTERS = [
  ...['x'.repeat(10_001), '('.repeat(101), 'a)', '(a', '"a', 'a OR )', 'header[ä]:x', 'staus:404', 'cache:maybe'],
  ...['host>5', 'id:x', 'status:x', 'duration>x', 'ttl>x', 'size>x'],
  ...['^*', '*', 'a{3,2}', 'a{5000}', '(?=a)', '(a)\\1', '(?#a)', '('.repeat(200), '(a', 'a)', '\\y', '\\x1'].map(
    (regex) => `url:/${regex}/`,
  ),
  ...['[a-\\d]', '[b-a]', '((a{200}){200}){200}'].map((regex) => `url:/${regex}/`),
];

test.each(WRONG_FILTERS)('%#: what is wrong with the filter %.40j is said in Chinese', (text) => {
  const parsed = parseFilter(text);
  const message = parsed.ok ? 'nothing' : parsed.problem.message;
  expect(chinese().said(message).replace(message, 'unsaid')).toMatch(/\p{Script=Han}.*[。？]$/u);
});

test.each([
  ['record.bodyCap', 'lots'],
  ['record.bodyCap', '-1'],
  ['cache.heuristicCap', 'soon'],
  ['cache.heuristicFraction', '7'],
  ['cache.heuristicFraction', 'x'],
])('what is wrong with a %s of %s is a sentence in both languages', (path, text) => {
  const setting = SETTINGS.find((one) => one.path === path);
  const read = setting === undefined ? undefined : readSetting(setting, text);
  const message = read?.ok === false ? read.message : '';
  expect(problemSentence(createTranslate('en', {}), message)).toMatch(/^[A-Z].*[^.]\.$/);
  expect(problemSentence(chinese(), message)).toMatch(/\p{Script=Han}.*[^。.]。$/u);
});

describe('a text of the engine', () => {
  const { said } = chinese();

  test('is said with what stands in its places, which may be phrases themselves', () => {
    expect(said('`no-cache`, `max-age=60` received 71 s ago')).toBe('`no-cache`，`max-age=60`，71 秒前收到');
    expect(said('the origin failed: The upstream refused the connection.')).toBe('源站失败：上游拒绝连接。');
  });

  test('may be several sentences, of which some are known', () => {
    const detail = 'connect ECONNREFUSED 127.0.0.1:1';
    expect(said(`The upstream refused the connection. ${detail}`)).toBe(`上游拒绝连接。${detail}`);
  });

  test('stays as it is where it is unknown, empty, captured or very long', () => {
    for (const text of ['', 'Something new happened.', 'a'.repeat(10_000), `not stored${'. x'.repeat(900)}`]) {
      expect(said(text)).toBe(text);
    }
  });

  test('does not have captured text read as a form of a phrase', () => {
    const say = engineSpeech([
      ['a {{1}} and {{2}}', '{{2}}、{{1}}'],
      ['b.*', 'never'],
    ]);
    expect(say('a $& {{2}} and $1')).toBe('$1、$& {{2}}');
    expect(say('bcd')).toBe('bcd');
  });
});
