import { describe, expect, test } from 'vitest';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { newRuleDraft, ruleDraftOf, ruleOf } from '../../renderer/views/rules/rule-draft.ts';
import { appliesTo } from '../../shared/rule-kinds.ts';
import { filterFor, freeName, nameFor } from '../../renderer/views/rules/rule-for-row.ts';
import { ruleWords } from '../../renderer/views/rules/rule-words.ts';
import { exportRules, readRules } from '../../renderer/views/rules/rules-transfer.ts';
import { compileFilter, YES } from '../../shared/filter/compile-filter.ts';
import type { FilteredExchange } from '../../shared/filter/filtered-exchange.ts';
import { parseRequestFilter } from '../../shared/filter/request-filter.ts';
import type { Rule, RuleAction } from '../../shared/rules.ts';

const t = createTranslate('en', en);

const actions: readonly RuleAction[] = [
  { type: 'answer', status: 404, headers: ['Content-Type', 'text/plain'], body: 'a\r\nb\r\n' },
  { type: 'file', path: '/srv/shop' },
  { type: 'redirect', to: 'http://127.0.0.1:3000/api' },
  {
    type: 'headers',
    request: { set: ['X-Debug', '1', 'X-Debug', '2'], remove: ['If-None-Match'] },
    response: { set: [], remove: [] },
  },
  { type: 'delay', ms: 2_500 },
  { type: 'block', how: 'close' },
  { type: 'pause', at: 'both' },
];
const rules = actions.map((action): Rule => ({ name: action.type, on: false, when: 'method:GET', action }));

test.each(rules)('a rule that is edited and saved keeps what was not touched: $name', (rule) => {
  expect(ruleOf(t, ruleDraftOf(rule))).toEqual({ value: rule });
});

describe('mistakes are told in their fields', () => {
  test('of a filter that asks for what an answer tells, and a name that is missing', () => {
    const draft = { ...newRuleDraft('pause'), name: ' ', when: 'status:404' };
    expect(ruleOf(t, draft)).toEqual({
      errors: { name: 'a rule needs a name', when: 'At character 1: status is not known yet when a request arrives' },
    });
  });

  test.each([
    ['answer', { status: '99' }, 'status', 'a status is a whole number from 200 to 599'],
    ['answer', { status: 'many' }, 'status', 'a status is a whole number from 200 to 599'],
    ['answer', { fields: 'X: y\nnot one' }, 'fields', 'Line 2 is not a field: write it as Name: value.'],
    ['answer', { body: 'é'.repeat(600_000) }, 'body', 'the body of an answer is 1 MiB at most'],
    ['file', { path: 'here/below' }, 'path', 'a rule answers from an absolute path, of a file or of a folder'],
    ['redirect', { to: 'ftp://nowhere' }, 'to', /^where a rule sends requests is http:/],
    ['headers', {}, 'set-request', 'Set or remove at least one field.'],
    ['headers', { response: { set: 'X Y', remove: '' } }, 'set-response', /^Line 1 is not a field/],
    ['headers', { request: { set: '', remove: 'A, B/C' } }, 'remove-request', '“B/C” is not the name of a field.'],
    ['delay', { ms: '1.5' }, 'ms', /^a delay is a whole number/],
  ] as const)('%s %o', (does, part, field, message) => {
    const made = ruleOf(t, { ...newRuleDraft(does), name: 'One', ...part });
    expect('errors' in made && made.errors).toMatchObject({ [field]: expect.stringMatching(message) as string });
  });
});

describe('a rule for a row', () => {
  const row = { kind: 'http', method: 'GET', url: 'http://shop.test/basket', start: 0 } as const;
  const fits = (when: string, other: object): boolean => {
    const parsed = parseRequestFilter(when);
    if (!parsed.ok || parsed.node === undefined) throw new Error(`It does not parse: ${when}`);
    return compileFilter(parsed.node)({ ...row, ...other } as unknown as FilteredExchange) === YES;
  };

  test.each([
    'http://shop.test/basket',
    'http://shop.test/basket?user=7',
    'https://shop.test/a(1),"b"/*?x=*&y',
    'http://shop.test/a*b',
    'http://shop.test/%20%22?q=a,b',
    'http://[::1]:8080/?',
    'http://shop.test/a.b+c[d]/?q#part',
  ])('fits the request itself, and no other place: %s', (url) => {
    const when = filterFor({ ...row, url });
    const asked = url.split('#', 1)[0] ?? '';
    expect(fits(when, { url: asked })).toBe(true);
    expect(fits(when, { url: asked, method: 'POST' })).toBe(false);
    expect(fits(when, { url: asked.replace('//', '//x.') })).toBe(false);
    expect(fits(when, { url: `${asked.split('?', 1)[0] ?? ''}x?user=7` })).toBe(false);
  });

  test('fits whatever the query is, if there was one', () => {
    const when = filterFor({ ...row, url: 'http://shop.test/basket?user=7' });
    expect(fits(when, { url: 'http://shop.test/basket?user=8&page=2' })).toBe(true);
    expect(when).toBe('method=GET url:http://shop.test/basket?*');
  });

  test('is called after the request, and like no other rule', () => {
    expect(nameFor({ ...row, url: 'http://shop.test/basket?user=7' })).toBe('GET /basket');
    expect(nameFor({ ...row, url: 'http://shop.test/' })).toBe('GET shop.test/');
    expect(freeName('GET /basket', [{ name: 'GET /basket' }, { name: 'GET /basket 2' }])).toBe('GET /basket 3');
    expect(freeName('One 2', [{ name: 'One 2' }, { name: 'One' }])).toBe('One 3');
    const long = freeName('x'.repeat(200), [{ name: 'x'.repeat(80) }]);
    expect([long.length <= 80, long]).toEqual([true, expect.stringMatching(/^x+ 2$/)]);
  });

  test('does what can be done with what the row is', () => {
    expect(appliesTo('answer', 'websocket')).toBe(false);
    expect(appliesTo('pause', 'websocket')).toBe(true);
    expect(appliesTo('block', 'tunnel')).toBe(true);
    expect(appliesTo('pause', 'tunnel')).toBe(false);
    expect(appliesTo('block', 'malformed')).toBe(false);
  });
});

test('what a rule does is said in words', () => {
  expect(actions.map((action) => ruleWords(t, action))).toEqual([
    'Answers 404 with 6 B',
    'Answers from /srv/shop',
    'Sends it to http://127.0.0.1:3000/api',
    'Sets X-Debug in the request · Removes If-None-Match from the request',
    'Waits 2.50 s',
    'Closes the connection without an answer',
    'Pauses request and response',
  ]);
});

describe('rules as a file', () => {
  test('come back as they were', () => {
    expect(readRules(t, exportRules(rules))).toEqual({ rules });
  });

  test('are refused in a sentence that says where they are wrong', () => {
    expect(readRules(t, '[')).toEqual({ problem: 'It is no JSON.' });
    const wrong = '[{ "name": "One", "when": "status:404", "action": { "type": "delay", "ms": 1 } }]';
    expect(readRules(t, wrong)).toEqual({
      problem: 'It is no list of rules: rules.0.when: At character 1: status is not known yet when a request arrives.',
    });
  });
});
