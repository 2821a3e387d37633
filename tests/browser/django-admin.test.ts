import { expect, test } from 'vitest';
import { gatewayEvents, pythonWith, startApplications, wsgi } from '../gateway/gateway-setup.ts';
import { launchChromium } from '../support/chromium.ts';
import { temporaryDirectory } from '../support/recorder.ts';

const python = pythonWith('django');

test.skipIf(python === undefined)('a person logs in to the Django admin through Hopscope', async () => {
  const env = { SITE_FOLDER: await temporaryDirectory() };
  const site = wsgi('django_site:application', { python: python ?? '', env, workers: 2, threads: 4 });
  const { url, finished } = await startApplications([site], { cache: { mode: 'shared' } });
  const page = await (await launchChromium()).newPage();
  await page.goto(`${url}/admin/`);
  await page.getByLabel('Username').fill('admin');
  await page.getByLabel('Password').fill('hops');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Site administration' }).waitFor();
  // Its static files came through wsgi.file_wrapper, and so the page looks as it should.
  const header = page.locator('#header');
  expect(await header.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe('rgb(65, 118, 144)');
  const login = await finished((view) => view.method === 'POST');
  expect([login.status, login.outcome?.kind]).toEqual([302, 'completed']);
  expect(gatewayEvents(login, 'gateway.framework').flatMap(({ facts }) => facts)).toContain('Django');
});
