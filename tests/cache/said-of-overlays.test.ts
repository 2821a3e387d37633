import { describe, expect, it } from 'vitest';
import type { OverlayRule } from '../../electron/engine/cache/cache-settings.ts';
import { compileOverlay } from '../../electron/engine/cache/cache-settings.ts';
import { freshenedDecision } from '../../electron/engine/cache/conclude.ts';
import { entryDetail } from '../../electron/engine/cache/describe-entry.ts';
import type { FieldEvidence } from '../../shared/decision.ts';
import type { RequestShape, ResponseShape } from './policy-harness.ts';
import { plan, request, settings, storage, store, T0 } from './policy-harness.ts';
import { forwarded, sentence, stepsOf } from './sentence.ts';

const cached = (value: string, ...more: string[]): ResponseShape => ({ headers: [`Cache-Control: ${value}`, ...more] });
const ETAG = 'ETag: "a"';

describe('what is said of settings', () => {
  it('names the overlay that has each use validated', () => {
    const overlays = [compileOverlay({ name: 'mine', pattern: '*', alwaysRevalidate: true })];
    const under = settings({ overlays });
    const response = cached('max-age=60');
    const stored = storage(response, {}, under).steps;
    expect(stored.at(-1)).toMatchObject({
      ...{ rule: 'store.no-cache', source: 'Hopscope: overlay "mine"', evidence: 'always revalidate; `max-age=60`' },
    });
    expect(sentence(stored)).toBe('always revalidate → stored, to be validated before each use');
    expect(storage({ headers: [ETAG] }, {}, under).steps.at(-1)?.evidence).toBe('always revalidate');
    const steps = stepsOf(plan([store(response, {}, under)], {}, 1, under));
    expect(sentence(steps)).toContain(
      'always revalidate; `max-age=60` received 1 s ago → needs a validation before each use',
    );
  });

  it('tells how long ago it was received, and then of the overlay', () => {
    const overlays = [compileOverlay({ name: 'mine', pattern: '*', fixedLifetime: 60 })];
    const under = settings({ overlays });
    const steps = stepsOf(plan([store(cached('max-age=5'), {}, under)], {}, 9, under));
    expect(sentence(steps)).toBe(
      'received 9 s ago; overlay "mine": 60 s → fresh for 51 s more → served from the store',
    );
  });

  it('says once that an overlay has each use validated for its time', () => {
    const overlays = [compileOverlay({ name: 'mine', pattern: '*', fixedLifetime: 60 })];
    const under = settings({ overlays });
    const stored = store(cached('no-cache', ETAG), {}, under);
    const asked = forwarded(plan([stored], {}, 9, under));
    const { steps } = freshenedDecision(request(), asked, stored, true, under).decision;
    expect(steps.filter(({ departure }) => departure === true).map(({ rule }) => rule)).toEqual(['freshness.no-cache']);
  });

  it.each<[string, OverlayRule, ResponseShape, RequestShape, string, readonly FieldEvidence[]]>([
    [
      'no-store',
      { name: 'mine', pattern: '*', ignoreNoStore: true },
      cached('no-store, max-age=60'),
      {},
      '`Cache-Control: no-store`',
      [{ side: 'stored', name: 'cache-control', directive: 'no-store' }],
    ],
    [
      'the Authorization of another request',
      { name: 'mine', pattern: '*', ignoreAuthorization: true },
      cached('max-age=60'),
      { headers: ['Authorization: me'] },
      'what is stored answered a request with `Authorization` and has no `public`, `must-revalidate` or `s-maxage`',
      [],
    ],
  ])('names %s that an overlay ignores as that of what is stored', (_what, rule, response, first, evidence, fields) => {
    const under = settings({ overlays: [compileOverlay(rule)] });
    const steps = stepsOf(plan([store(response, first, under)], {}, 1, under));
    expect(steps.find(({ departure }) => departure === true)).toMatchObject({ evidence, effect: 'ignored', fields });
    sentence(steps);
  });

  it('does not say of a request without Authorization that it has one', () => {
    const stored = store(cached('max-age=60'), { headers: ['Authorization: me'] }, settings({ mode: 'private' }));
    const made = forwarded(plan([stored]));
    const evidence =
      'what is stored answered a request with `Authorization` and has no `public`, `must-revalidate` or `s-maxage`';
    expect(sentence(made.steps)).toBe(`${evidence} → may not be used under these settings`);
    expect(made.steps[0]?.fields).toEqual([]);
    expect(made.nearMiss).toMatchObject({ field: 'authorization', stored: evidence });
  });

  it('says of an entry that is stored that it may not be used, where the mode is another one', () => {
    const { head } = store(cached('private, max-age=60'), {}, settings({ mode: 'private' }));
    const summary = { id: 1, head, bytes: 9, bodyLength: 4, hits: 0, lastUsed: 0, bytesSaved: 0 };
    const steps = entryDetail(summary, [], settings(), T0).steps.map(({ evidence, effect }) => [evidence, effect]);
    expect(steps).toEqual([
      ['`Cache-Control: private` and the cache is shared', 'what is stored may not be used under these settings'],
      ['`max-age=60` received 0 s ago', 'fresh for 60 s more'],
    ]);
    expect(entryDetail(summary, [], settings({ mode: 'private' }), T0).steps[0]?.effect).toBe('stored, fresh for 60 s');
  });
});
