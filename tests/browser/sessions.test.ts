import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRecorder } from '../../electron/engine/trace/recorder.ts';
import { recordMany, recordSettings, temporaryDirectory } from '../support/recorder.ts';
import { accessibilityProblems } from './accessibility.ts';
import { openUi } from './ui-page.ts';

test('what an earlier run left is offered, opened, saved, renamed and deleted by keys', async () => {
  const dataDir = await temporaryDirectory();
  const earlier = await createRecorder({ directory: join(dataDir, 'session'), settings: recordSettings() });
  recordMany(earlier, 3, [Buffer.from('the body')]);
  await earlier.close();
  const { page, picture } = await openUi({ flags: ['--data-dir', dataDir] });
  const offer = page.getByRole('region', { name: 'An earlier recording' });
  await offer.getByText('3 requests').waitFor();
  await picture('earlier-run');
  expect(await accessibilityProblems(page, 'main')).toEqual([]);
  await offer.getByRole('button', { name: 'Open' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText(/3 requests opened from/).waitFor();
  await expect.poll(() => page.locator('.request-row[data-running=false]').count()).toBe(3);

  await page.keyboard.press('s');
  const sheet = page.getByRole('dialog', { name: 'Sessions' });
  await sheet.getByRole('textbox', { name: 'Save the 3 requests that are listed' }).fill('Checkout');
  await page.keyboard.press('Enter');
  await sheet.getByRole('button', { name: 'Open Checkout' }).waitFor();
  await picture('sessions');
  expect(await accessibilityProblems(page, 'dialog')).toEqual([]);

  await sheet.getByRole('button', { name: 'Rename Checkout' }).focus();
  await page.keyboard.press('Enter');
  await sheet.getByRole('textbox', { name: 'New name of Checkout' }).fill('Basket');
  await page.keyboard.press('Enter');
  await sheet.getByRole('button', { name: 'Add Basket to what is listed' }).waitFor();
  expect(await readdir(join(dataDir, 'sessions'))).toEqual(['Basket.hopscope']);

  const download = page.waitForEvent('download');
  await sheet.getByRole('button', { name: 'Keep a copy of the file of Basket' }).press('Enter');
  const copy = await download;
  expect(copy.suggestedFilename()).toBe('Basket.hopscope');
  expect(await readFile(await copy.path())).toEqual(await readFile(join(dataDir, 'sessions', 'Basket.hopscope')));

  await sheet.getByRole('button', { name: 'Delete Basket' }).focus();
  await page.keyboard.press('Enter');
  await sheet.getByText('Delete “Basket” for good?').waitFor();
  expect(await accessibilityProblems(page, 'dialog')).toEqual([]);
  await sheet.getByRole('button', { name: 'Delete', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => readdir(join(dataDir, 'sessions'))).toEqual([]);

  await sheet.getByRole('button', { name: /^Add \d{4}-/ }).click();
  await sheet.waitFor({ state: 'hidden' });
  await expect.poll(() => page.locator('.request-row[data-running=false]').count()).toBe(6);
  await page.keyboard.press('s');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });
});
