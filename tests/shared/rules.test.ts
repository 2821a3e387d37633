import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { filterKey } from '../../shared/filter/filter-keys.ts';
import { parseRequestFilter, REQUEST_KEYS, REQUEST_STATES } from '../../shared/filter/request-filter.ts';
import { applyToRow, fold, foldRow } from '../../shared/exchange-view.ts';
import type { RuleInput } from '../../shared/rules.ts';
import { MAX_RULES } from '../../shared/rules.ts';
import { RULE_ACTIONS } from '../../shared/rule-actions.ts';
import { defaultSettings, describeIssues, mergeSettings, settingsSchema } from '../../shared/settings.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import { exchange, passes } from '../filter/filter-subjects.ts';

const BLOCK = { type: 'block', how: 'refuse' } as const;

/** What is wrong with settings that have these rules; empty when nothing is. */
function problem(...rules: unknown[]): string {
  const parsed = v.safeParse(settingsSchema, { rules });
  return parsed.success ? '' : describeIssues(parsed.issues);
}

const action = (one: unknown): string => problem({ name: 'x', action: one });
const when = (text: string): string => problem({ name: 'x', when: text, action: BLOCK });

describe('a rule', () => {
  test('is on and for every request unless it says otherwise', () => {
    const rules: RuleInput[] = [
      { name: '  Ads ', action: BLOCK },
      { name: 'm', action: { type: 'answer', status: 200 } },
    ];
    expect(mergeSettings(defaultSettings(), { rules }).rules).toEqual([
      { name: 'Ads', on: true, when: '', action: BLOCK },
      { name: 'm', on: true, when: '', action: { type: 'answer', status: 200, headers: [], body: '' } },
    ]);
  });

  test.each([
    [{ type: 'answer', status: 199 }, /0\.action\.status: a status is a whole number from 200 to 599/],
    [{ type: 'answer', status: 200, body: 'é'.repeat(600_000) }, /body of an answer is 1 MiB at most/],
    [{ type: 'answer', status: 200, headers: ['a'] }, /names and values in turn/],
    [{ type: 'file', path: 'site' }, /0\.action\.path: a rule answers from an absolute path/],
    [{ type: 'redirect', to: 'ftp://a' }, /0\.action\.to: where a rule sends requests is http/],
    [{ type: 'redirect', to: 'http://a/?q' }, /without user, query or fragment/],
    [{ type: 'headers', request: { set: ['Content-length', '3'] } }, /Content-length frames the message/],
    [{ type: 'headers', response: { remove: ['transfer-encoding'] } }, /transfer-encoding frames the message/],
    [{ type: 'headers', request: { set: ['HOST', 'a.test'] } }, /0\.action\.request: Host says where a request goes/],
    [{ type: 'headers', request: { remove: ['host'] } }, /a redirect changes both/],
    [{ type: 'headers', response: { remove: ['a b'] } }, /a field's name is a token/],
    [{ type: 'delay', ms: 0 }, /0\.action\.ms: a delay is/],
    [{ type: 'block', how: 'softly' }, /0\.action\.how/],
    [{ type: 'pause' }, /0\.action\.at: this is missing/],
    [{ type: 'mock' }, /0\.action\.type: an action is answer, file/],
    [{ ...BLOCK, hwo: 1 }, /0\.action\.hwo: there is nothing of this name/],
  ])('%j is refused in a sentence', (one, expected) => {
    expect(action(one)).toMatch(expected);
  });

  test.each(['/srv/site', 'C:\\site', '\\\\server\\share'])('may answer from %s', (path) => {
    expect(action({ type: 'file', path })).toBe('');
  });

  test('is one of a list that has limits', () => {
    expect(problem({ name: ' ', action: BLOCK })).toMatch(/0\.name: a rule needs a name/);
    expect(problem({ name: 'x', action: BLOCK, wehn: '' })).toMatch(/wehn/);
    const many = Array.from({ length: MAX_RULES + 1 }, () => ({ name: 'x', action: BLOCK }));
    expect(problem(...many)).toMatch(/at most 200 rules/);
    const large = Array.from({ length: 9 }, () => ({
      ...{ name: 'x', action: { type: 'answer', status: 200, body: 'x'.repeat(1024 * 1024) } },
    }));
    expect(problem(...large)).toMatch(/8 MiB at most together/);
  });

  test('is as the documentation writes it', async () => {
    const text = await readFile(join(import.meta.dirname, '../../docs/rules.md'), 'utf8');
    const [, json = ''] = /```json\n([^`]*)```/.exec(text) ?? [];
    expect(problem(...(JSON.parse(json) as unknown[]))).toBe('');
  });

  test('has an action of each type that is known', () => {
    const wrong = action({ type: 'none' });
    for (const type of RULE_ACTIONS)
      expect([
        type,
        action({ type, status: 200, path: '/a', to: 'http://a', ms: 1, how: 'close', at: 'both' }),
      ]).not.toEqual([type, wrong]);
    expect(wrong).toContain(RULE_ACTIONS.slice(0, -1).join(', '));
  });
});

describe('the filter of a rule', () => {
  test('may ask for what is known when a request arrives', () => {
    for (const name of REQUEST_KEYS) expect(filterKey(name)?.name).toBe(name);
    for (const text of [
      ...[
        '',
        'shop',
        'method:POST (host:a.test OR -path:/b*)',
        'header[x-a]:1',
        'request.header[x]',
        'is:secure,mutating',
      ],
      ...['client:127.0.0.1', 'protocol:HTTP/2', 'kind:websocket', 'scheme:https', 'query:a', 'url:/^http/'],
    ])
      expect([text, when(text)]).toEqual([text, '']);
    for (const state of REQUEST_STATES) expect(when(`is:${state}`)).toBe('');
  });

  test.each([
    ['status:404', 'status', 1],
    ['host:a (method:GET OR -duration>1s)', 'duration', 24],
    ['response.header[etag]', 'response.header', 1],
    ['body:x', 'body', 1],
    ['cache:hit', 'cache', 1],
    ['is:secure,error', 'is:error', 1],
    ['rule:x', 'rule', 1],
    ['comment:x', 'comment', 1],
  ])('does not know yet: %s', (text, what, at) => {
    expect(when(text)).toBe(`rules.0.when: At character ${at}: ${what} is not known yet when a request arrives`);
    const parsed = parseRequestFilter(text);
    expect(parsed.ok ? undefined : parsed.problem.code).toBe('LATER');
  });

  test('has to be understood, and tells where it is not', () => {
    expect(when('(host:a')).toBe('rules.0.when: At character 1: This bracket is never closed.');
    expect(when('x'.repeat(10_001))).toMatch(/too long/);
    expect(parseRequestFilter('host:a status:404')).toMatchObject({ problem: { from: 7, to: 17 } });
  });
});

const stamp = (seq: number) => ({ seq, id: 1, at: seq });
const EVENTS: TraceEvent[] = [
  {
    ...{ type: 'exchange.started', ...stamp(1), kind: 'http', method: 'GET', url: 'http://a/', version: 'HTTP/1.1' },
    ...{ client: '127.0.0.1:1', connection: 1, nth: 1 },
  },
  { type: 'rule.applied', ...stamp(2), name: 'Slow', action: 'delay', index: 3 },
  { type: 'rule.applied', ...stamp(3), name: 'Stop', action: 'pause', index: 4 },
  { type: 'exchange.held', ...stamp(4), stage: 'response' },
];

describe('what rules did to an exchange', () => {
  test('is part of its row, and so is what is held of it', () => {
    const row = foldRow(EVENTS);
    expect(row).toMatchObject({
      ...{ held: 'response', rules: [{ name: 'Slow', action: 'delay', index: 3, at: 2 }, { name: 'Stop' }] },
    });
    const released = applyToRow(row, { type: 'exchange.released', ...stamp(5), stage: 'response', how: 'edited' });
    expect(released).not.toHaveProperty('held');
    const finished = applyToRow(row, { type: 'exchange.finished', ...stamp(5), outcome: { kind: 'completed' } });
    expect(finished).not.toHaveProperty('held');
    expect(fold(EVENTS)).toMatchObject({ rules: [{}, {}], held: 'response' });
  });

  test('can be filtered for', () => {
    const ruled = exchange({ rules: foldRow(EVENTS)?.rules ?? [] });
    expect(
      ['rule:slow', 'rule:Stop', 'rule="Slow"', 'is:ruled', 'rule:s*w'].map((text) => passes(text, ruled)),
    ).toEqual(Array(5).fill(true));
    expect([passes('rule:other', ruled), passes('is:held', ruled), passes('is:ruled'), passes('rule:slow')]).toEqual(
      Array(4).fill(false),
    );
    expect(passes('is:held', exchange({ held: 'request' }))).toBe(true);
  });
});
