import { expect, it } from 'vitest';
import type { InspectorApi } from '../../shared/contract.ts';
import { startOrigin } from '../support/origin.ts';
import { doubles, openDesktop } from './desktop-app.ts';
import { desktopJourneys } from './journeys/desktop-journeys.ts';

desktopJourneys(doubles);

it("shows the development server's page where there is one, which may load itself anew and reach its server", async () => {
  const server = await startOrigin((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>In development</title>');
  });
  const { app, page } = await openDesktop({ rendererUrl: server.url });
  const reloaded = page.waitForEvent('load');
  await page.evaluate(() => window.location.reload());
  await reloaded;
  expect(await page.title()).toBe('In development');
  const code = await page.evaluate(async () => {
    const { hopscope } = window as unknown as { hopscope: InspectorApi };
    const answer = await hopscope.request('engine.snapshot', undefined);
    return answer.ok ? 'ok' : answer.error.code;
  });
  expect(code).toBe('ok');
  expect(await app.mayRequest(`${server.url}/main.tsx`)).toBe(true);
  expect(await app.mayRequest('http://127.0.0.1:1/')).toBe(false);
});
