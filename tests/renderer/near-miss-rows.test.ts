import { describe, expect, test } from 'vitest';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { chinese } from '../../renderer/i18n/zh-CN/chinese.ts';
import { meantEntry, nearMissRows } from '../../renderer/views/decision/near-miss-rows.ts';
import type { CacheEntryRow } from '../../shared/cache-contract.ts';
import type { NearMiss } from '../../shared/decision.ts';
import type { ExchangeView } from '../../shared/exchange-view.ts';

const english = createTranslate('en', en);
const URL = 'http://x/items';

const view: ExchangeView = {
  ...{ id: 5, kind: 'http', start: 1000, method: 'GET', url: URL, version: 'HTTP/1.1', client: '127.0.0.1:5' },
  ...{ connection: 1, nth: 1, requestBytes: 0, responseBytes: 0, warnings: 0 },
  ...{ request: { headers: ['Accept', 'a'] }, informational: [], spans: [], notes: [], open: [] },
};

function entry(id: number, ...selecting: CacheEntryRow['selecting'][number][]): CacheEntryRow {
  return {
    ...{ id, key: URL, uri: URL, status: 200, contentType: '', selecting, bodyBytes: 1, bytes: 1 },
    ...{
      stored: 0,
      born: 0,
      expires: 0,
      noCache: false,
      usable: true,
      hits: 0,
      lastUsed: 0,
      savedBytes: 0,
      savedMs: 0,
    },
  };
}

function nearMiss(field: string, stored: string, requested: string): NearMiss {
  return { key: URL, field, stored, requested, why: 'It differs.' };
}

describe('what is stored stands beside what was asked for', () => {
  test('with the other selecting fields, whether they differ or not', () => {
    const of = nearMiss('accept-language', 'de', '(absent)');
    const rows = nearMissRows(english, of, view, entry(1, ['accept', 'b'], ['accept-language', 'de']));
    expect(rows.map(({ name, stored, requested, stops }) => [name, stored, requested, stops])).toEqual([
      ['URL', URL, URL, false],
      ['Method', 'GET', 'GET', false],
      ['accept', 'b', 'a', false],
      ['accept-language', 'de', '(absent)', true],
    ]);
  });

  test('a Vary that matches no request stands for itself, and is that of the entry that has it', () => {
    const of = nearMiss('vary', '*', 'any request');
    const all = entry(2, ['*', '*']);
    expect(meantEntry(of, [entry(1, ['accept', 'b']), all])).toBe(all);
    expect(nearMissRows(english, of, view, all).map(({ name }) => name)).toEqual(['URL', 'Method', 'vary']);
  });

  test.each([
    ['age', '90 s', 'younger than 60 s', ['90 s', '小于 60 秒']],
    ['cache-control', 'fresh for 60 s more', 'max-age=0', ['还有 60 秒新鲜', 'max-age=0']],
    ['query', '(absent)', 'page=1', ['（无）', 'page=1']],
    ['query', 'never fresh', 'match', ['never fresh', 'match']],
    ['x-state', 'match', 'differ', ['match', 'differ']],
  ])(
    'the words of the engine about %s are said in Chinese, and %j and %j of a message stay',
    (field, was, asked, told) => {
      const row = nearMissRows(chinese(), nearMiss(field, was, asked), view, undefined).at(-1);
      expect([row?.stored, row?.requested]).toEqual(told);
    },
  );
});
