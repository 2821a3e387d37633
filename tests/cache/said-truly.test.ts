import { describe, expect, it } from 'vitest';
import { answerFor } from '../../electron/engine/cache/representation.ts';
import { answerStep, foundStep } from '../../electron/engine/cache/explain.ts';
import { policyOf } from '../../electron/engine/cache/stored-response.ts';
import {
  contradictedHead,
  headDifference,
  headStep,
  freshenedHead,
  freshenedStep,
} from '../../electron/engine/cache/validation.ts';
import type { RequestShape, ResponseShape } from './policy-harness.ts';
import { date, plan, received, request, settings, storage, store, URI } from './policy-harness.ts';
import { sentence, stepsOf } from './sentence.ts';

const cached = (value: string, ...more: string[]): ResponseShape => ({ headers: [`Cache-Control: ${value}`, ...more] });
const ETAG = 'ETag: "a"';

describe('what is said of storing', () => {
  it.each<[string, ResponseShape, string]>([
    ['a new response', cached('max-age=60'), '`max-age=60` → stored, fresh for 60 s'],
    [
      'one that had an age on arrival',
      cached('max-age=60', 'Age: 20'),
      '`max-age=60`, 20 s old on arrival by `Age` → stored, fresh for 40 s',
    ],
    [
      'one with an older date',
      cached('max-age=60', `Date: ${date(-15)}`),
      '`max-age=60`, 15 s old on arrival by `Date` → stored, fresh for 45 s',
    ],
    [
      'one that has used up its lifetime',
      cached('max-age=60', 'Age: 60', ETAG),
      '`max-age=60`, 60 s old on arrival by `Age` → stored, stale from the start',
    ],
    [
      'one that was stale on arrival',
      cached('max-age=60', 'Age: 90', ETAG),
      '`max-age=60`, 90 s old on arrival by `Age` → stored, already stale by 30 s',
    ],
    [
      'one that may be served stale',
      cached('max-age=0, stale-while-revalidate=60'),
      '`max-age=0` → stored, stale from the start',
    ],
    ['one without a lifetime', { headers: [ETAG] }, 'no freshness information → stored, stale from the start'],
    [
      'no-cache beside a lifetime',
      cached('no-cache, max-age=60', ETAG),
      '`no-cache` → stored, to be validated before each use',
    ],
    [
      'no-cache and a field name',
      cached('max-age=60, no-cache="x-user"', 'X-User: a'),
      'stored without `X-User` → `max-age=60` → stored, fresh for 60 s',
    ],
    [
      'private and a field name',
      cached('max-age=60, private="x-user, x-other"', 'X-User: a', 'X-Other: b'),
      'stored without `X-User`, `X-Other` → `max-age=60` → stored, fresh for 60 s',
    ],
    [
      'a field name that is not there',
      cached('max-age=60, no-cache="x-user"'),
      '`max-age=60` → stored, fresh for 60 s',
    ],
    [
      'a guessed lifetime',
      { headers: [`Last-Modified: ${date(-1000)}`] },
      `no explicit lifetime, so 10 % of the time since \`Last-Modified: ${date(-1000)}\`, 100 s → stored, fresh for 100 s`,
    ],
    [
      'one that had expired before it was sent',
      { headers: [`Expires: ${date(-60)}`, ETAG] },
      `\`Expires: ${date(-60)}\`, 60 s before \`Date\` → stored, stale from the start`,
    ],
    [
      'one that expires at two times',
      { headers: [`Expires: ${date(60)}`, `Expires: ${date(90)}`, ETAG] },
      '`Expires` 2 times, with different values → stored, stale from the start',
    ],
    [
      'a targeted field',
      { headers: ['CDN-Cache-Control: max-age=9', 'Cache-Control: no-store'] },
      '`CDN-Cache-Control: max-age=9` → it replaces `Cache-Control` and `Expires` → `max-age=9` → stored, fresh for 9 s',
    ],
    [
      'must-understand',
      cached('must-understand, no-store, max-age=9'),
      '`must-understand` and status 200 is understood → `no-store` is overridden → `max-age=9` → stored, fresh for 9 s',
    ],
  ])('%s', (_what, response, expected) => {
    expect(sentence(storage(response).steps)).toBe(expected);
  });

  it('does not mix up the ages of responses with the same lifetime', () => {
    const effects = [undefined, 'Age: 20', undefined].map(
      (age) => storage(cached('max-age=77', ...(age === undefined ? [] : [age]))).steps.at(-1)?.effect,
    );
    expect(effects).toEqual(['stored, fresh for 77 s', 'stored, fresh for 57 s', 'stored, fresh for 77 s']);
  });

  it.each<[string, string, ResponseShape, string]>([
    ['freshness', 'POST', { headers: ['Content-Location: /page'] }, '`POST` without explicit freshness'],
    ['its place', 'POST', cached('max-age=60'), '`POST` without a `Content-Location` equal to its own URI'],
    ['both', 'PATCH', {}, '`PATCH` without explicit freshness or a `Content-Location` equal to its own URI'],
    [
      'neither, but not a success',
      'POST',
      { status: 404, ...cached('max-age=60', 'Content-Location: /page') },
      '`POST` answered 404',
    ],
  ])('an answer that lacks %s: %s', (_what, method, response, evidence) => {
    expect(sentence(storage(response, { method }).steps)).toBe(`${evidence} → not stored`);
  });

  it.each<[number, RequestShape, string]>([
    [304, { headers: ['If-None-Match: "a"'] }, 'RFC 9110 §15.4.5'],
    [412, { headers: ['If-Match: "a"'] }, 'RFC 9110 §15.5.13'],
    [416, { headers: ['Range: bytes=9-'] }, 'RFC 9110 §15.5.17'],
  ])('status %i answers one request', (status, asked, source) => {
    expect(storage({ status }, asked).steps.at(-1)?.source).toBe(source);
  });
});

describe('what is said of a stored response', () => {
  const ASKED = ' → asked the origin with `If-None-Match: "a"`';
  it.each<[string, ResponseShape, string[], number, string]>([
    [
      'that has just gone stale',
      cached('max-age=60', ETAG),
      [],
      60,
      '`max-age=60` received 60 s ago → just gone stale',
    ],
    [
      'without a lifetime',
      { headers: [ETAG] },
      [],
      3,
      'received 3 s ago without freshness information → stale from the start',
    ],
    [
      'with a guessed lifetime',
      { headers: [ETAG, `Last-Modified: ${date(-1000)}`] },
      ['Cache-Control: no-cache'],
      3,
      `received 3 s ago; no explicit lifetime, so 10 % of the time since \`Last-Modified: ${date(-1000)}\`, 100 s → fresh for 97 s more → \`Cache-Control: no-cache\` in the request → the origin has to be asked`,
    ],
    [
      'that expires at a date',
      { headers: [`Expires: ${date(60)}`, ETAG] },
      ['Cache-Control: no-cache'],
      3,
      `received 3 s ago; \`Expires: ${date(60)}\`, 60 s after \`Date\` → fresh for 57 s more → \`Cache-Control: no-cache\` in the request → the origin has to be asked`,
    ],
    [
      'that has to be fresh, and is not',
      cached('max-age=60', ETAG),
      ['Cache-Control: min-fresh=5'],
      75,
      '`max-age=60` received 75 s ago → stale for 15 s → `min-fresh=5` in the request → not fresh for long enough',
    ],
    [
      'that is younger than nothing',
      cached('max-age=60', ETAG),
      ['Cache-Control: max-age=0'],
      0,
      '`max-age=60` received 0 s ago → fresh for 60 s more → `max-age=0` in the request → the origin has to be asked',
    ],
    [
      'that is staler than the request takes',
      cached('max-age=60', ETAG),
      ['Cache-Control: max-stale=10'],
      75,
      '`max-age=60` received 75 s ago → stale for 15 s → `max-stale=10` in the request → stale for longer than that',
    ],
    [
      'that would do but for the request',
      cached('max-age=60, stale-while-revalidate=60', ETAG),
      ['Cache-Control: max-age=100'],
      75,
      '`max-age=60` received 75 s ago → stale for 15 s → `stale-while-revalidate=60`, and `max-age=100` in the request → the request wants none that is stale',
    ],
  ])('%s', (_what, response, asked, after, expected) => {
    const said = sentence(stepsOf(plan([store(response)], { headers: asked }, after)));
    expect(said.replace(/ and `If-Modified-Since: [^`]+`/, '')).toBe(`${expected}${ASKED}`);
  });

  it.each<[string, number, string]>([
    ['max-age=60, stale-while-revalidate=10', 75.5, 'the window closed 5 s ago'],
    ['max-age=60, stale-while-revalidate=10', 70.5, 'the window has just closed'],
  ])('counts seconds alike: %s after %f s', (value, after, effect) => {
    const steps = stepsOf(plan([store(cached(value, ETAG))], {}, after));
    expect(steps.map((step) => step.effect)).toEqual(
      expect.arrayContaining([`stale for ${Math.floor(after) - 60} s`, effect]),
    );
  });

  it('does not serve by the window what is staler than max-stale allows', () => {
    const response = cached('max-age=60, stale-while-revalidate=60');
    const made = plan([store(response)], { headers: ['Cache-Control: max-stale=10'] }, 75);
    expect(made).toMatchObject({ action: 'forward', fwd: 'stale' });
    expect(stepsOf(made).find(({ decides }) => decides === 'answer')?.rule).toBe('request.max-stale');
  });

  it('rests no-cache on its own section', () => {
    const steps = stepsOf(plan([store(cached('no-cache, max-age=60', ETAG))]));
    const [, step] = steps;
    expect([step?.rule, step?.source]).toEqual(['freshness.no-cache', 'RFC 9111 §5.2.2.4']);
  });

  it.each<'snapshot' | 'offline'>(['snapshot', 'offline'])('%s mode counts from when it was stored', (mode) => {
    const under = settings({ mode });
    const made = plan([store(cached('max-age=60', 'Age: 500'), {}, under)], {}, 2, under);
    expect(stepsOf(made)[1]?.evidence).toMatch(/^stored 2 s ago/);
  });

  it.each<[string[], string]>([
    [['If-Match: "x"'], '`If-Match: "x"`'],
    [[`If-Unmodified-Since: ${date(0)}`], `\`If-Unmodified-Since: ${date(0)}\``],
    [['If-Match: "x"', `If-Unmodified-Since: ${date(0)}`], `\`If-Match: "x"\`, \`If-Unmodified-Since: ${date(0)}\``],
  ])('names the condition that is there: %j', (headers, evidence) => {
    expect(sentence(stepsOf(plan([], { headers })))).toBe(`${evidence} → only the origin may evaluate it`);
  });

  it.each<[string, string, string[], string]>([
    ['the whole', 'bytes 0-9/20', [], 'only bytes 0–9 of 20 are stored, and the whole is asked for'],
    ['the whole of unknown length', 'bytes 0-9/*', [], 'only bytes 0–9 are stored, and the whole is asked for'],
    ['others', 'bytes 0-9/20', ['Range: bytes=10-12'], 'only bytes 0–9 of 20 are stored, and others are asked for'],
  ])('says which bytes are there when it is asked for %s', (_what, contentRange, asked, expected) => {
    const part = store({ status: 206, ...cached('max-age=60', `Content-Range: ${contentRange}`) });
    expect(sentence(stepsOf(plan([part], { headers: asked })))).toBe(expected);
  });

  it.each<[string, string[], string, string?]>([
    [
      'another tag',
      ['Range: bytes=0-1', 'If-Range: "b"'],
      '`If-Range: "b"` is no strong match for `ETag: "a"` → 200, the whole from the store',
    ],
    [
      'a date where there is none',
      ['Range: bytes=0-1', `If-Range: ${date(0)}`],
      `\`If-Range: ${date(0)}\` is no strong match for \`Last-Modified: (absent)\` → 200, the whole from the store`,
    ],
    [
      'a date that may not be the last',
      ['Range: bytes=0-1', `If-Range: ${date(0)}`],
      `\`If-Range: ${date(0)}\` is no strong match for \`Last-Modified: ${date(0)}\`, which is too close to \`Date\` → 200, the whole from the store`,
      `Last-Modified: ${date(0)}`,
    ],
    [
      'too many ranges',
      [`Range: bytes=${Array.from({ length: 33 }, (_, i) => `${i}-${i}`).join(',')}`],
      '`Range` with 33 ranges, more than 32 → 200, the whole from the store',
    ],
    ['a range that it has', ['Range: bytes=0-1'], '206, bytes 0–1 from the store'],
  ])('says why a range is answered with the whole: %s', (_what, asked, expected, validator = ETAG) => {
    const stored = store(cached('max-age=60', validator));
    const made = request({ headers: asked });
    expect(sentence([answerStep(answerFor(made, stored, policyOf(stored, settings())), stored)])).toBe(expected);
  });

  it('names the field and the URL that a hit for another query rests on', () => {
    const search = 'No-Vary-Search: params=("a")';
    const stored = store(cached('max-age=60', search), { uri: `${URI}?a=1` });
    expect(sentence([foundStep(request({ uri: `${URI}?a=2` }), stored)])).toBe(
      `what is stored for \`${URI}?a=1\` matches by its \`${search}\``,
    );
    expect(foundStep(request({ uri: `${URI}?a=1` }), stored).say).toBeUndefined();
  });

  it('has an asterisk match what has no tag', () => {
    const stored = store(cached('max-age=60'));
    const steps = stepsOf(plan([stored], { headers: ['If-None-Match: *'] }));
    expect(steps.at(-1)?.evidence).toBe('`If-None-Match: *` matches whatever is stored');
    sentence(steps);
  });

  it('counts no bytes that have not come yet', () => {
    const stored = { ...store(cached('max-age=60')), bodyLength: undefined } as const;
    expect(answerStep({ kind: 'whole' }, stored).evidence).toBe('status 200');
  });
});

describe('what is said of a validation', () => {
  it.each<[string, string[], string]>([
    ['the tag', ['ETag: "b"'], '`ETag` is `"b"`, stored `"a"`'],
    ['the date', [`Last-Modified: ${date(-9)}`], `\`Last-Modified\` is \`${date(-9)}\`, stored \`(absent)\``],
    ['the length', [ETAG, 'Content-Length: 5'], '`Content-Length` is `5`, stored `4`'],
  ])('by HEAD: %s differs', (_what, headers, evidence) => {
    const difference = headDifference(store(cached('max-age=60', ETAG)), received({ headers }), settings());
    expect(sentence([headStep(difference)])).toBe(`${evidence} → the stored \`GET\` response is stale from now on`);
  });

  it.each<[string, ResponseShape, string]>([
    [
      'a lifetime that it ends',
      cached('max-age=60', 'Age: 10'),
      '`max-age=60` (ended at 15 s: an answer to `HEAD` contradicts it) received 9 s ago, 10 s old on arrival by `Age` → stale for 4 s',
    ],
    ['a lifetime that it did not outlive', cached('max-age=4'), '`max-age=4` received 9 s ago → stale for 5 s'],
    [
      'one from heuristics',
      { headers: [`Last-Modified: ${date(-1000)}`] },
      `received 9 s ago; no explicit lifetime, so 10 % of the time since \`Last-Modified: ${date(-1000)}\`, 100 s (ended at 5 s: an answer to \`HEAD\` contradicts it) → stale for 4 s`,
    ],
  ])('by HEAD, of %s, first at 5 s', (_what, response, expected) => {
    const stored = store(response);
    const first = contradictedHead(stored.head, received({ at: 5 }));
    const head = contradictedHead(first, received({ at: 7 }));
    const [, step] = stepsOf(plan([{ ...stored, head }], {}, 9));
    expect(step).toBeDefined();
    expect(sentence(step === undefined ? [] : [{ ...step, say: `${step.evidence}\n${step.effect}` }])).toBe(expected);
    expect(freshenedHead(head, request(), received({ status: 304 }), settings())).not.toHaveProperty('contradictedAt');
  });

  it('by 304 with an age of its own', () => {
    const stored = store(cached('max-age=60', ETAG));
    const head = freshenedHead(stored.head, request(), received({ status: 304, headers: ['Age: 20'] }), settings());
    const { step, ttl } = freshenedStep(head, true, settings());
    expect([step.evidence, step.effect, ttl]).toEqual([
      '`max-age=60`, 20 s old on arrival by `Age`',
      '304, freshened for 40 s',
      40,
    ]);
    expect(step.fields?.map(({ name }) => name)).toEqual(['cache-control', 'age']);
  });

  it.each<[string, string]>([
    ['no-cache', '`no-cache`; no freshness information'],
    ['no-cache, max-age=60', '`no-cache`; `max-age=60`'],
  ])('by 304 with %s', (value, evidence) => {
    const stored = store(cached('max-age=60', ETAG));
    const newer = received({ status: 304, headers: [`Cache-Control: ${value}`] });
    const { step } = freshenedStep(freshenedHead(stored.head, request(), newer, settings()), true, settings());
    expect([step.evidence, step.fields?.[0]?.directive]).toEqual([evidence, 'no-cache']);
  });

  it('by 304 that no other request matches', () => {
    const stored = store(cached('max-age=60', ETAG));
    const head = freshenedHead(stored.head, request(), received({ status: 304, headers: ['Vary: *'] }), settings());
    const { step, ttl } = freshenedStep(head, true, settings());
    expect([step.effect, ttl]).toEqual(['304, good for this request alone', undefined]);
  });

  it.each<[string, string]>([
    ['max-age=60', '304, freshened for 60 s'],
    ['no-cache, max-age=60', '304, still good; the next request has to ask again'],
    ['max-age=0', '304, still good; the next request has to ask again'],
    ['max-age=0, stale-while-revalidate=60', '304, still good, but stale from the start'],
  ])('by 304: %s', (value, expected) => {
    const head = freshenedHead(store(cached(value, ETAG)).head, request(), received({ status: 304 }), settings());
    expect(sentence([freshenedStep(head, true, settings()).step])).toBe(expected);
  });
});
