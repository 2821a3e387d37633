import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accessibilityProblems } from './accessibility.ts';
import { endedRows, openUi, send } from './ui-page.ts';

declare global {
  interface Window {
    /** Ends the page's connection, and lets no other come about while true. */
    cut: (off: boolean) => void;
  }
}

/** The recorded rows that are on the disk, as bytes: a kill takes what is not. */
async function recorded(dataDir: string): Promise<string> {
  const files = await readdir(join(dataDir, 'session'), { recursive: true, withFileTypes: true });
  const lists = files.filter((file) => file.isFile() && file.name.endsWith('.list'));
  const rows = await Promise.all(lists.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
  return rows.join('');
}

test('a lost connection shows itself, and goes on without gaps, duplicates, or what was deleted meanwhile', async () => {
  const { page, proxy, ui } = await openUi({ losing: true });
  await page.addInitScript(() => {
    const Real = window.WebSocket;
    const ask = window.fetch.bind(window);
    const sockets = new Set<WebSocket>();
    let isCut = false;
    window.WebSocket = class extends Real {
      constructor(url: string | URL) {
        super(isCut ? String(url).replace('/ws', '/nowhere') : url);
        sockets.add(this);
      }
    };
    window.fetch = (...request) => (isCut ? Promise.reject(new TypeError('cut')) : ask(...request));
    window.cut = (off) => {
      isCut = off;
      if (off) for (const socket of sockets) socket.close();
    };
  });
  await page.reload();
  for (const path of ['/etag', '/vary']) await send(proxy, path);
  await endedRows(page, '/vary').waitFor();
  await page.evaluate(() => window.cut(true));
  await page.getByText('The connection to the engine was lost.').waitFor();
  for (const path of ['/slow?meanwhile', '/api/items?meanwhile']) await send(proxy, path);
  const other = await page.context().newPage();
  await other.goto(ui);
  await endedRows(other, '/etag').click();
  await other.keyboard.press('Delete');
  await other.getByText('1 request was deleted.').waitFor();
  await page.evaluate(() => window.cut(false));
  await endedRows(page, '/api/items?meanwhile').waitFor();
  await page.getByText('The connection to the engine was lost.').waitFor({ state: 'hidden' });
  await send(proxy, '/api/time');
  await endedRows(page, '/api/time').waitFor();
  const numbers = await page.locator('.request-row [data-column=id]').allTextContents();
  expect(numbers).toEqual(['2', '3', '4', '5']);
});

test('a host that was killed and started anew lets the page in by its new address, with what was recorded', async () => {
  const { page, proxy, startAnew, picture, dataDir } = await openUi({ losing: true });
  for (const path of ['/etag', '/vary']) await send(proxy, path);
  await endedRows(page, '/vary').waitFor();
  await expect.poll(() => recorded(dataDir)).toContain('/vary');

  const address = await startAnew();
  await page.getByText('Hopscope was started anew.').waitFor();
  await picture('started-anew');
  expect(await accessibilityProblems(page, '.banners')).toEqual([]);
  const field = page.getByRole('textbox', { name: 'The new address' });
  await field.fill('http://127.0.0.1:9001/');
  await field.press('Enter');
  await page.getByText('There is no token in it.').waitFor();
  await field.fill(address);
  await field.press('Enter');

  const offer = page.getByRole('region', { name: 'An earlier recording' });
  await offer.getByText('2 requests').waitFor();
  await offer.getByRole('button', { name: 'Open' }).click();
  await endedRows(page, '/vary').waitFor();
  await send(proxy, '/api/time');
  await endedRows(page, '/api/time').waitFor();
  expect(await page.locator('.request-row [data-column=path]').allTextContents()).toEqual([
    '/etag',
    '/vary',
    '/api/time',
  ]);
});

test('a page without the right token says so at once, and takes the right one', async () => {
  const { page, ui, picture } = await openUi({ losing: true });
  await page.goto(`${new URL(ui).origin}/?token=of-another-start`);
  await page.getByRole('heading', { name: 'This page needs a new address' }).waitFor();
  await picture('refused');
  expect(await accessibilityProblems(page, 'main')).toEqual([]);
  await page.getByRole('textbox', { name: 'The new address' }).fill(ui);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Waiting for the first request' }).waitFor();
});

test('a part of the window that cannot be loaded says so, and leaves the others', async () => {
  const { page, proxy, picture } = await openUi({ losing: true });
  await send(proxy, '/etag');
  await endedRows(page, '/etag').waitFor();
  await page.route(/\/(settings-page|keyboard-sheet)-/, (route) => route.abort('connectionrefused'));
  await page.keyboard.press('Control+,');
  await page.getByRole('heading', { name: 'This part of the window could not be shown' }).waitFor();
  await picture('part-failed');
  expect(await accessibilityProblems(page, 'main')).toEqual([]);
  await page.keyboard.press('t');
  await endedRows(page, '/etag').waitFor();
  await page.keyboard.press('?');
  await page.getByText('This part of the window could not be shown').waitFor();
  await page.unroute(/\/(settings-page|keyboard-sheet)-/);
  await page.getByRole('button', { name: 'Reload' }).click();
  await endedRows(page, '/etag').waitFor();
});
