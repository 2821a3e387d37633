import { describe, expect, test } from 'vitest';
import { NO, UNKNOWN, YES } from '../../shared/filter/compile-filter.ts';
import { parseFilter } from '../../shared/filter/parse-filter.ts';
import { detail, exchange, passes, truthOf } from './filter-subjects.ts';

describe('a request is found', () => {
  test.each([
    [''],
    ['   '],
    ['example'],
    ['EXAMPLE.COM'],
    ['users page=2'],
    ['"page=2 a"'],
    ['example.com:8080'],
    ['http://api'],
    ['*.com*/users'],
    ['/users\\?page=\\d/'],
    ['/USERS/i'],
    ['method:post'],
    ['method=post'],
    ['method:get,post'],
    ['host:example'],
    ['host:*.example.com:8080'],
    ['host:/^api\\./'],
    ['domain:api*'],
    ['path:/users'],
    ['path:/users*'],
    ['query:page=2'],
    ['scheme=http'],
    ['status:404'],
    ['status:4xx'],
    ['status:40x'],
    ['status:400..499'],
    ['status:>=400'],
    ['status>=400'],
    ['status<500'],
    ['status!=200'],
    ['cache:miss'],
    ['cache:hit,miss'],
    ['CACHE:MISS'],
    ['fwd:vary-miss'],
    ['from:upstream'],
    ['remote:192.0.2.*'],
    ['ip:"192.0.2.7:80"'],
    ['upstream:example.com'],
    ['type:json'],
    ['duration>500ms'],
    ['duration>0.5s duration<1min'],
    ['duration:700ms..1s'],
    ['wait:200'],
    ['size>1mb'],
    ['size>2mib'],
    ['size:1mb..3mb'],
    ['request-size=12'],
    ['ttl<60'],
    ['ttl<1min'],
    ['is:completed'],
    ['is:mutating'],
    ['-host:cdn'],
    ['!cache:hit'],
    ['NOT cache:hit'],
    ['--users'],
    ['users OR nowhere'],
    ['nowhere | users'],
    ['nowhere || (users && cache:miss)'],
    ['(nowhere OR users) status:404'],
    ['-(nowhere OR status:200)'],
    ['id:7 connection:3'],
    ['header[accept]:html'],
    ['header[x-trace]'],
    ['request.header[accept]=text/html'],
    ['response.header[set-cookie]:session'],
    ['-response.header[accept]'],
    ['header:"X-Trace: abc"'],
    ['body:ada'],
    ['body:<p>'],
    ['response.body:/not\\s+found/'],
    ['body:"not found"'],
    ['key:users'],
  ])('by %j', (text) => expect(passes(text)).toBe(true));
});

describe('a request is not found', () => {
  test.each([
    ['nowhere'],
    ['users nowhere'],
    ['-users'],
    ['/Users/'],
    ['method:get'],
    ['method=pos'],
    ['host:users'],
    ['host:example.*'],
    ['path:example'],
    ['status:5xx'],
    ['status>404'],
    ['status!=404'],
    ['cache:hit'],
    ['fwd:stale'],
    ['is:running'],
    ['is:replay'],
    ['is:failed'],
    ['is:pinned'],
    ['duration<500ms'],
    ['size>1gb'],
    ['age>0'],
    ['-age<=0 users nowhere'],
    ['users AND nowhere OR nowhere'],
    ['header[x-trace]:abcd'],
    ['request.body:found'],
    ['foo:bar'],
  ])('by %j', (text) => expect(passes(text)).toBe(false));
});

test('what people noted counts', () => {
  const note = { pinned: true, mark: 'red', struck: true, comment: 'look at the Vary' } as const;
  for (const text of ['is:pinned', 'mark:red', 'is:marked', 'is:struck', 'comment:vary'])
    expect(passes(text, exchange(), note)).toBe(true);
  expect(passes('is:struck', exchange(), { mark: 'red' })).toBe(false);
  expect(passes('is:marked', exchange(), { struck: true })).toBe(true);
});

test('a running exchange has neither duration nor status', () => {
  const { end: _end, status: _status, outcome: _outcome, ...running } = exchange();
  expect(passes('is:running -duration>0 -status>0', running)).toBe(true);
});

describe('what needs details', () => {
  test.each([
    ['body:x', UNKNOWN],
    ['-body:x', UNKNOWN],
    ['users body:x', UNKNOWN],
    ['nowhere body:x', NO],
    ['users OR body:x', YES],
    ['header[etag] OR nowhere', UNKNOWN],
  ])('cannot be told from the list: %j', (text, truth) => expect(truthOf(text)).toBe(truth));

  test('is told from them', () => {
    expect(truthOf('body:ada', exchange(), undefined, detail)).toBe(YES);
    expect(truthOf('-body:ada', exchange(), undefined, detail)).toBe(NO);
  });
});

describe('what is wrong is told with its place', () => {
  test.each([
    ['users (a', 'BRACKET', 6, 7],
    ['a)', 'BRACKET', 1, 2],
    ['host:"a b', 'QUOTE', 5, 9],
    ['a OR', 'INCOMPLETE', 4, 4],
    ['a OR )', 'OPERAND', 5, 6],
    ['OR b', 'OPERAND', 0, 2],
    ['staus:404', 'KEY', 0, 5],
    ['users status:', 'INCOMPLETE', 6, 13],
    ['status:abc', 'VALUE', 7, 10],
    ['size>5parsecs', 'VALUE', 5, 13],
    ['cache:maybe', 'VALUE', 6, 11],
    ['is:nonsense', 'VALUE', 3, 11],
    ['host>5', 'OPERATOR', 5, 6],
    ['host:/a(b/', 'REGEX', 7, 8],
    ['/(a)\\1/', 'REGEX', 4, 5],
    ['/(?=a)/', 'REGEX', 1, 2],
    ['header[a b]:x', undefined, 0, 0],
    ['header[ä]:x', 'KEY', 0, 10],
    ['('.repeat(101), 'TOO_DEEP', 100, 101],
    ['x'.repeat(10_001), 'TOO_LONG', 10_000, 10_001],
  ])('%#: %.40j', (text, code, from, to) => {
    const parsed = parseFilter(text);
    if (code === undefined) expect(parsed.ok).toBe(true);
    else {
      expect(parsed).toMatchObject({ ok: false, problem: { code, from, to } });
      expect(parsed.ok || parsed.problem.message).toMatch(/^.+[.?]$/);
    }
  });

  test('and with what was probably meant', () => {
    const parsed = parseFilter('staus:404');
    expect(parsed.ok || parsed.problem.message).toContain('Did you mean "status"?');
  });
});

test('a long chain of words is not nested', () => {
  expect(parseFilter('a '.repeat(4000)).ok).toBe(true);
  expect(parseFilter('a OR '.repeat(1500) + 'a').ok).toBe(true);
});
