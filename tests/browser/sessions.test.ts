import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createRecorder } from '../../electron/engine/trace/recorder.ts';
import { recordMany, recordSettings, temporaryDirectory } from '../support/recorder.ts';
import { accessibilityProblems } from './accessibility.ts';
import { choose, endedRows, openUi, send } from './ui-page.ts';

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

test('files from anywhere are opened by a button, by keys and by dropping them on the window', async () => {
  const { page, proxy, dataDir, picture } = await openUi();
  const folder = join(dataDir, 'sessions');
  const sheet = page.getByRole('dialog', { name: 'Sessions' });
  const ended = page.locator('.request-row[data-running=false]');
  await send(proxy, '/etag');
  await endedRows(page, '/etag').waitFor();
  await page.keyboard.press('s');
  for (const format of ['har', 'hopscope']) {
    await sheet.getByRole('combobox', { name: 'File format' }).selectOption(format);
    await sheet.getByRole('textbox', { name: /^Save the/ }).fill('Mine');
    await page.keyboard.press('Enter');
    await expect.poll(() => readdir(folder)).toContain(`Mine.${format}`);
  }
  const [har, session] = await Promise.all([
    readFile(join(folder, 'Mine.har')),
    readFile(join(folder, 'Mine.hopscope')),
  ]);

  let chooser = page.waitForEvent('filechooser');
  await sheet.getByRole('button', { name: 'Open a file…' }).press('Enter');
  await (await chooser).setFiles({ name: 'Theirs.har', mimeType: 'application/json', buffer: har });
  await page.getByText('1 request added from “Theirs”.').waitFor();
  await sheet.waitFor({ state: 'hidden' });
  await expect.poll(() => ended.count()).toBe(2);

  chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('open a file');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles([{ name: 'bad.hopscope', mimeType: '', buffer: Buffer.from('nothing') }]);
  await page.getByText('“bad” was not opened. This is no file of a Hopscope session.').waitFor();
  // It is not kept.
  await expect
    .poll(() => readdir(folder).then((names) => names.sort()))
    .toEqual(['Mine.har', 'Mine.hopscope', 'Theirs.har']);

  const address = page.url();
  await page.keyboard.press('s');
  await drag(page, 'dragover', []);
  await page.getByText('Drop .hopscope and HAR files').waitFor();
  await picture('file-drop');
  await drag(page, 'dragleave', []);
  await page.getByText('Drop .hopscope and HAR files').waitFor({ state: 'hidden' });
  await drag(page, 'drop', [
    { name: 'Theirs.hopscope', base64: session.toString('base64') },
    { name: 'picture.png', base64: 'AAAA' },
  ]);
  await page.getByText('1 request added from “Theirs”.').waitFor();
  await page.getByText('“picture.png” was not opened: it is neither a .hopscope nor a HAR file.').waitFor();
  await expect.poll(() => ended.count()).toBe(3);
  await page.getByText('Drop .hopscope and HAR files').waitFor({ state: 'hidden' });
  expect(page.url()).toBe(address);
  expect((await readdir(folder)).sort()).toEqual(['Mine.har', 'Mine.hopscope', 'Theirs.har', 'Theirs.hopscope']);
});

test('pins, colours, strikes and comments come back after a crash, and with a saved session', async () => {
  const { page, proxy, startAnew, picture } = await openUi({ losing: true });
  for (const path of ['/one', '/two', '/three']) await send(proxy, path);
  await endedRows(page, '/one').click();
  await page.keyboard.press('p');
  await choose(page, 'Mark', 'Red');
  await endedRows(page, '/three').click();
  await page.keyboard.press('-');
  await choose(page, 'Mark', 'Comment…');
  await page.getByRole('dialog', { name: 'Comment' }).getByRole('textbox').fill('Slow at noon');
  await page.getByRole('button', { name: 'Save', exact: true }).press('Enter');
  const three = [['pinned', 'marked red'], [], ['struck out', 'comment: Slow at noon']];
  await expect.poll(() => marks(page)).toEqual(three);
  await endedRows(page, '/three').locator('[data-column=path]').hover();
  await page.getByTitle(/\/three\s+Slow at noon$/).waitFor();
  await page.keyboard.press('s');
  const sheet = page.getByRole('dialog', { name: 'Sessions' });
  await sheet.getByRole('textbox', { name: /^Save the/ }).fill('Marked');
  await page.keyboard.press('Enter');
  await sheet.getByRole('button', { name: 'Open Marked' }).waitFor();

  await page.goto(await startAnew());
  const offer = page.getByRole('region', { name: 'An earlier recording' });
  await offer.getByRole('button', { name: 'Open' }).press('Enter');
  await expect.poll(() => marks(page)).toEqual(three);
  await page.keyboard.press('s');
  await sheet.getByRole('button', { name: 'Add Marked to what is listed' }).press('Enter');
  await expect.poll(() => marks(page)).toEqual([...three, ...three]);
  // A page that comes later is told of all of it.
  await endedRows(page, '/two').last().click();
  await page.keyboard.press('p');
  const all = [...three, three[0], ['pinned'], three[2]];
  await expect.poll(() => marks(page)).toEqual(all);
  await page.reload();
  await expect.poll(() => marks(page)).toEqual(all);
  await picture('marks-of-a-session');
});

test('a large file says how much of it has come, and nothing is left of it when that is stopped', async () => {
  const { page, dataDir, picture } = await openUi();
  await page.evaluate(() => {
    const megabyte = new Uint8Array(2 ** 20);
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(Array<Uint8Array<ArrayBuffer>>(100).fill(megabyte), 'large.hopscope'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  });
  const notice = page.locator('.notice', { hasText: 'Opening “large.hopscope”…' });
  await notice.getByText(/^[1-9]\d* %$/).waitFor();
  await picture('upload-progress');
  expect(await accessibilityProblems(page, '.notice-stack')).toEqual([]);
  await notice.getByRole('button', { name: 'Cancel' }).press('Enter');
  await page.getByText('“large.hopscope” was not opened: you stopped it.').waitFor();
  await notice.waitFor({ state: 'detached' });
  expect(await readdir(join(dataDir, 'sessions'))).toEqual([]);
});

/** What a browser tells the page of files that are dragged over its middle; says whether the page took it upon itself. */
async function drag(page: Page, type: string, files: { name: string; base64: string }[]): Promise<void> {
  const taken = await page.evaluate(
    ({ type, files }) => {
      const dataTransfer = new DataTransfer();
      const given = files.length > 0 ? files : [{ name: 'unknown yet', base64: '' }];
      for (const { name, base64 } of given) {
        dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))], name));
      }
      const target = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
      return target?.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true })) === false;
    },
    { type, files },
  );
  expect(taken).toBe(type !== 'dragleave');
}

/** What each row says that was noted about it. */
async function marks(page: Page): Promise<string[][]> {
  const said = ['pinned', 'marked red', 'struck out', 'comment: Slow at noon'];
  const rows = await page.locator('.request-row[data-running=false] [data-column=path]').all();
  return Promise.all(
    rows.map(async (row) => {
      const labels = await row.locator('[aria-label]').evaluateAll((icons) => icons.map((icon) => icon.ariaLabel));
      const text = await row.innerText();
      return said.filter((word) => labels.includes(word) || text.includes(word));
    }),
  );
}
