import { describe, expect, it } from 'vitest';
import { HeldExchanges } from '../../electron/engine/rules/held-exchanges.ts';
import { MAX_HELD } from '../../shared/rules-contract.ts';
import { startEngine } from '../support/engine.ts';
import { startOrigin } from '../support/origin.ts';
import { asking, CONTINUE, held, pause, pausing } from '../support/ruled-traffic.ts';

describe('everything that is held', () => {
  it('goes on at once when it is released together, or its rule is switched off', async () => {
    const origin = await startOrigin((_request, response) => response.end('x'));
    const test = await startEngine({
      settings: { rules: [pause('request'), pause('request', { name: 'Other', when: 'path:/other' })] },
    });
    test.engine.held.attend(true);
    const first = asking(test, `${origin.url}/`);
    const id = await held(test);
    const second = asking(test, `${origin.url}/`);
    await held(test, 'request', id);
    expect(test.engine.held.releaseAll()).toBe(2);
    await Promise.all([first.answer, second.answer]);
    const third = asking(test, `${origin.url}/`);
    const last = await held(test, 'request', id + 1);
    test.engine.updateSettings({ timeouts: { head: 1_000 } });
    expect(await test.engine.held.read(last)).toBeDefined();
    test.engine.updateSettings({ rules: [pause('request', { on: false })] });
    expect((await third.answer).status).toBe(200);
  });

  it('is not sent on when the engine stops', async () => {
    let asked = 0;
    const origin = await startOrigin((_request, response) => {
      asked++;
      response.end();
    });
    const test = await pausing('request');
    const { answer } = asking(test, `${origin.url}/`);
    await held(test);
    await test.engine.stop();
    await expect(answer).rejects.toThrow(/socket hang up/);
    expect(asked).toBe(0);
  });

  it('is nothing while nobody is connected, which a note tells', async () => {
    const origin = await startOrigin((_request, response) => response.end('x'));
    const test = await startEngine({ settings: { rules: [pause('both')] } });
    expect((await asking(test, `${origin.url}/`).answer).body).toBe('x');
    const view = await test.finished();
    expect(view.notes.map(({ code, text: sentence }) => [code, sentence])).toEqual(
      Array(2).fill(['NOT_PAUSED', 'The rule “Stop” did not pause it: Nobody is connected who could let it go on.']),
    );
    expect(view.rules).toBeUndefined();
  });

  it('is nothing while nothing is recorded, because nobody could see it', async () => {
    const origin = await startOrigin((_request, response) => response.end('x'));
    const test = await pausing('both');
    test.engine.updateSettings({ record: { paused: true } });
    expect((await asking(test, `${origin.url}/`).answer).body).toBe('x');
  });

  it(`is not more than ${MAX_HELD}, and goes on a while after the last one who could release it has left`, async () => {
    const exchanges = new HeldExchanges(10);
    exchanges.attend(true);
    const holding = { rule: 'Stop', read: () => Promise.reject(new Error('not asked')), problemOf: () => undefined };
    const x = (id: number) => ({ id, aborted: undefined, onAbort: () => () => undefined });
    const orders = Array.from({ length: MAX_HELD }, (_, i) => {
      expect(exchanges.refusal).toBeUndefined();
      return exchanges.hold(x(i + 1), holding);
    });
    expect(exchanges.refusal).toMatch(/^200 exchanges are paused/);
    exchanges.attend(false);
    exchanges.attend(true);
    expect(exchanges.release(1, CONTINUE)).toBe(true);
    expect(exchanges.refusal).toBeUndefined();
    exchanges.attend(false);
    expect(await Promise.all(orders)).toEqual(orders.map(() => CONTINUE));
    expect(exchanges.refusal).toMatch(/^Nobody/);
  });
});
