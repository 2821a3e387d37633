import { expect, test } from 'vitest';
import { openUi } from './ui-page.ts';

test('the sheet about clients is opened, read and closed by keys, and copies what a terminal needs', async () => {
  const { page, picture } = await openUi();
  await page.getByRole('heading', { name: 'Waiting for the first request' }).waitFor();
  const opener = page.getByRole('banner').getByRole('button', { name: 'Connect a client' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const sheet = page.getByRole('dialog', { name: 'Connect a client' });
  await sheet.getByRole('button', { name: /^Open Chromium$/ }).waitFor();
  expect(await sheet.getByRole('heading', { level: 3 }).allTextContents()).toEqual([
    'A browser of its own',
    'A terminal',
    'The whole system',
    'A container',
    'A phone, or another machine',
  ]);
  await sheet.getByRole('button', { name: 'Copy the command' }).first().click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /^eval "\$\(hopscope env --data-dir \S+\)"$/,
  );
  await sheet.getByText('Hopscope listens on this machine alone.').first().waitFor();
  await picture('connect');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
});

test('a phone is led here by a code where other machines may use the proxy', async () => {
  const flags = ['--host', '0.0.0.0', '--allow-remote', '--auth', 'ann:sesame'];
  const { page, picture } = await openUi({ flags, scheme: 'dark' });
  await page.getByRole('heading', { name: 'Waiting for the first request' }).waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Connect a client' }).click();
  const sheet = page.getByRole('dialog', { name: 'Connect a client' });
  await sheet.getByRole('button', { name: /^Open Chromium$/ }).waitFor();
  // A machine without any network has no address to show.
  const code = sheet.getByRole('img', { name: /^QR code of \d+\.\d+\.\d+\.\d+:\d+$/ });
  await code.or(sheet.getByText('Hopscope listens on this machine alone.').last()).waitFor();
  await picture('connect-dark');
});
