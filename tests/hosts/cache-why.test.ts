import { expect, test } from 'vitest';
import { decisionText } from '../../electron/host/decision-text.ts';
import type { Decision } from '../../shared/decision.ts';
import { hopscope } from '../support/hopscope-process.ts';
import { startOrigin } from '../support/origin.ts';
import { temporaryDirectory } from '../support/recorder.ts';

async function serve(dataDir: string, upstream: string): Promise<{ proxy: string; stop: () => Promise<unknown> }> {
  const flags = ['--no-ui', '--log-format', 'json', '--port', '0', '--data-dir', dataDir, '--upstream', upstream];
  const { ready, child, ended } = hopscope('serve', ...flags);
  const { proxy } = JSON.parse(await ready) as { proxy: string };
  const stop = (): Promise<unknown> => {
    child.kill('SIGTERM');
    return ended;
  };
  return { proxy, stop };
}

test(
  'cache why tells the decision about the latest request of a URL, while Hopscope runs and afterwards',
  { timeout: 120_000 },
  async () => {
    let asked = 0;
    const origin = await startOrigin((request, response) => {
      asked++;
      const stale = request.url === '/stale';
      response.setHeader('Cache-Control', stale ? 'max-age=0, stale-while-revalidate=600' : 'max-age=600');
      response.setHeader('Vary', 'Accept-Language');
      response.end('page');
    });
    const dataDir = await temporaryDirectory();
    const why = (...args: string[]) => hopscope('cache', 'why', ...args, '--data-dir', dataDir).ended;
    expect(await why('/page')).toMatchObject({
      code: 1,
      stderr: 'hopscope: no request is recorded with "/page" as its number or in its URL\n',
    });

    const { proxy, stop } = await serve(dataDir, origin.url);
    const get = async (path: string, language: string) =>
      (await fetch(`${proxy}${path}`, { headers: { 'Accept-Language': language } })).text();
    await get('/page', 'de');
    await get('/page', 'fr');
    const { code, stdout } = await why('/page');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^ +2 {2}.* GET +200 +MISS .*\/page\n\n`Vary` names `accept-language`: .* → stored, fresh for 600 s\n\n 1\. /,
    );
    expect(stdout).toContain('    RFC 9111 §4.1 (lookup.vary-miss), decided the answer\n');
    expect(stdout).toContain('    stored     accept-language: de\n    requested  accept-language: fr\n');
    expect(stdout).toContain('\n\nMode shared\nCache-Status: Hopscope; fwd=vary-miss; fwd-status=200; ');
    expect(JSON.parse((await why('1', '--json')).stdout)).toMatchObject({ id: 1, method: 'GET', fwd: 'uri-miss' });

    await get('/stale', 'de');
    await get('/stale', 'de');
    await expect.poll(() => asked).toBe(4);
    // The question in the background is an exchange of the same URL, and a later one.
    expect((await why('/stale', '--json')).stdout).toContain('"id":4,"method":"GET"');

    await stop();
    expect((await why('/page')).stdout).toBe(stdout);
  },
);

const REFUSED: Decision = {
  ...{ verdict: 'ERROR', hit: false, mode: 'offline', detail: 'offline' },
  steps: [
    {
      rule: 'a',
      source: 'RFC 9111 §4',
      evidence: 'x\u001b[31m',
      effect: 'y',
      say: 'x\ny',
      decides: 'answer',
      departure: true,
    },
  ],
};

test('a decision is told in a sentence, step by step and as its field, without what would move the cursor', () => {
  expect(decisionText(REFUSED)).toBe(
    'x → y\n\n 1. x\ufffd[31m\n    → y\n    RFC 9111 §4 (a), decided the answer, departs from the RFC\n\n' +
      'Mode offline\nCache-Status: Hopscope; detail=offline',
  );
});

test('a decision of which the steps were not recorded says so', () => {
  expect(decisionText({ ...REFUSED, steps: [] })).toMatch(/^ERROR; the steps were not recorded\n\n/);
});
