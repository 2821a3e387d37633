import { expect, test } from 'vitest';
import { accessibilityProblems } from './accessibility.ts';
import { startOrigin } from '../support/origin.ts';
import { endedRows, openUi, send } from './ui-page.ts';

test('a request is sent again from its row, and edited with its mistakes told in place', async () => {
  const { page, proxy, picture } = await openUi({ flags: ['--cache', 'shared'] });
  await send(proxy, '/echo', { method: 'POST', headers: { 'X-Asked': 'yes' }, body: '{"hops":3}' });
  await endedRows(page, '/echo').click();
  await page.keyboard.press('Shift+R');
  await expect.poll(() => endedRows(page, '/echo').count()).toBe(2);
  const repeated = page.locator('.request-row[aria-selected=true]');
  await repeated.getByLabel('sent again').waitFor();
  await page.locator('.facts').getByRole('button', { name: /1$/ }).waitFor();

  await page.locator('#request-list').focus();
  await page.keyboard.press('e');
  const sheet = page.getByRole('dialog', { name: 'Edit request 2 and send it again' });
  const url = sheet.getByLabel('URL');
  await expect.poll(() => url.evaluate((field) => field === document.activeElement)).toBe(true);
  const recorded = await url.inputValue();
  expect(recorded).toMatch(/\/echo$/);
  expect(await sheet.getByLabel('Text, sent as UTF-8').inputValue()).toBe('{"hops":3}');
  const fields = sheet.getByLabel('Header fields, one on each line');
  expect(await fields.inputValue()).toMatch(/^x-asked: yes$/im);
  await picture('resend-sheet');
  expect(await accessibilityProblems(page, 'dialog[open]')).toEqual([]);

  await url.fill('');
  await fields.fill('no field at all');
  await url.press('Enter');
  await sheet.getByText('Where to? A request needs a URL.').waitFor();
  await sheet.getByText('Line 1 is not a field: write it as Name: value.').waitFor();
  await picture('resend-sheet-mistakes');
  await url.fill(recorded.replace('/echo', '/echo?edited'));
  await fields.fill('X-Twice: a\nX-Twice: b');
  await sheet.getByLabel('Text, sent as UTF-8').fill('more hops');
  await sheet.getByLabel('Past the cache').check();
  await sheet.getByRole('button', { name: 'Send' }).click();
  await sheet.waitFor({ state: 'detached' });
  await endedRows(page, '/echo?edited').click();
  await page.getByRole('tab', { name: 'Request' }).click();
  await expect.poll(() => page.getByRole('table').first().innerText()).toMatch(/X-Twice\s+a\s+X-Twice\s+b/i);
  await page.getByText('more hops').waitFor();
  await picture('resend-done');
});

test('a request is sent again several times, one after the other or a few at once, until it is stopped', async () => {
  let [now, most] = [0, 0];
  const held: (() => void)[] = [];
  const origin = await startOrigin((request, response) => {
    now++;
    most = Math.max(most, now);
    response.on('close', () => now--);
    if (request.url === '/hold' && held.length > 0) held.push(() => response.end());
    else {
      if (request.url === '/hold') held.push(() => undefined);
      response.end('answered');
    }
  });
  const { page, proxy, picture } = await openUi({ flags: ['--upstream', origin.url] });
  for (const path of ['/often', '/hold']) await send(proxy, path);
  await endedRows(page, '/often').click();
  await page.keyboard.press('Shift+E');
  const sheet = page.getByRole('dialog', { name: 'Send request 1 again several times' });
  const times = sheet.getByLabel('How often');
  await expect.poll(() => times.evaluate((field) => field === document.activeElement)).toBe(true);
  await times.fill('1001');
  await page.keyboard.press('Enter');
  await sheet.getByText('A whole number from 1 to 1,000.').waitFor();
  await picture('repeat-sheet');
  expect(await accessibilityProblems(page, 'dialog[open]')).toEqual([]);
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');
  await page.getByText('12 requests were sent again.').waitFor();
  // The sheet goes a frame after the notice has come, and would take one that is opened before with it.
  await sheet.waitFor({ state: 'detached' });
  await expect.poll(() => endedRows(page, '/often').count()).toBe(13);
  expect(most).toBe(1);

  await endedRows(page, '/hold').click();
  await page.keyboard.press('Shift+E');
  const other = page.getByRole('dialog', { name: 'Send request 2 again several times' });
  await other.getByLabel('How often').fill('20');
  await other.getByLabel('Up to 6 at once').check();
  await page.keyboard.press('Enter');
  await expect.poll(() => held.length).toBe(7);
  held[1]?.();
  await other.getByText('1 of 20 have been sent and answered.').waitFor();
  await picture('repeat-progress');
  expect(await accessibilityProblems(page, 'dialog[open]')).toEqual([]);
  await expect.poll(() => held.length).toBe(8);
  await page.keyboard.press('Enter');
  await other.waitFor({ state: 'detached' });
  held.splice(2).forEach((end) => end());
  await page.getByText('7 requests were sent again.').waitFor();
  expect(held.length).toBe(2);
});
