import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { accessibilityProblems } from './accessibility.ts';
import { endedRows, openUi, send } from './ui-page.ts';
import type { UiPage } from './ui-page.ts';

/** Patient, because a busy machine may take a while to draw. */
const poll = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 });

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://origin.test');
  response.setHeader('Cache-Control', searchParams.get('cc') ?? 'max-age=600');
  response.setHeader('Content-Type', 'text/plain');
  const vary = searchParams.get('vary');
  if (vary !== null) response.setHeader('Vary', vary);
  response.end(`body of ${pathname}`);
}

async function openWithOrigin(respond = answer, options: { scheme?: 'light' | 'dark' } = {}): Promise<UiPage> {
  const origin = await startOrigin(respond);
  return openUi({ ...options, flags: ['--upstream', origin.url] });
}

describe('the page of the cache', () => {
  test('lists what is stored, opens it, purges it, and brings it back', async () => {
    const { page, proxy, picture } = await openWithOrigin();
    await page.keyboard.press('c');
    await page.getByRole('heading', { name: 'Nothing is stored yet' }).waitFor();
    for (const path of ['/a', '/b', '/c', '/a', '/a']) await send(proxy, path);
    const entry = (path: string) => page.locator('.entry-row', { hasText: path });
    await entry('/a').waitFor();
    await poll(() => page.locator('.figure', { hasText: 'Hit ratio' }).innerText()).toContain('2 of 5 requests');
    await poll(() => entry('/a').locator('[data-column=hits]').innerText()).toBe('2');
    await page.getByRole('button', { name: 'URL' }).click();
    const urls = (): Promise<string[]> => page.locator('.entry-row [data-column=uri]').allInnerTexts();
    await poll(async () => (await urls()).map((url) => url.slice(-2))).toEqual(['/a', '/b', '/c']);

    // By keyboard alone: to the search, to the list, into the details, back, and away with them.
    await page.keyboard.press('/');
    await page.keyboard.type('/B');
    await poll(async () => (await urls()).length).toBe(1);
    await page.keyboard.press('Enter');
    await page.keyboard.press('j');
    await page.locator('.details-url', { hasText: '/b' }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await page.locator('.cm-line', { hasText: 'body of /b' }).waitFor();
    await picture('cache-entry');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.locator('#entry-details').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await poll(async () => (await urls()).length).toBe(3);

    await entry('/a').click();
    await page.locator('.details-url', { hasText: '/a' }).waitFor();
    await page.locator('#entry-details').getByRole('button', { name: 'Purge', exact: true }).press('Enter');
    await page.getByRole('heading', { name: 'No longer stored' }).waitFor();
    await poll(() => page.evaluate(() => document.activeElement?.id)).toBe('entry-list');
    await poll(async () => (await urls()).length).toBe(2);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The stored response is back.').waitFor();
    await poll(async () => (await urls()).length).toBe(3);
    await page.locator('.life').waitFor();

    await page.getByRole('tab', { name: 'Exchanges', exact: true }).click();
    await page.locator('.entry-exchange').nth(2).waitFor();
    expect(await page.locator('.entry-exchange .badge').allInnerTexts()).toEqual(['HIT', 'HIT', 'MISS']);
    await page.locator('.entry-exchange').first().click();
    await page.getByRole('tab', { name: 'Timeline' }).waitFor();
    await page.locator('.details-url', { hasText: '/a' }).waitFor();
  });

  test('tells entries that are only a head or a part from whole ones, however long their URLs', async () => {
    const { page, proxy, picture } = await openWithOrigin((request, response) => {
      const part = request.headers.range === undefined ? {} : { 'Content-Range': 'bytes 0-4/9' };
      response.writeHead('Content-Range' in part ? 206 : 200, { ...part, 'Cache-Control': 'max-age=60', ETag: '"1"' });
      response.end('Content-Range' in part ? 'first' : 'first and');
    });
    await send(proxy, `/head/${'long/'.repeat(40)}`, { method: 'HEAD' });
    await send(proxy, '/part', { headers: { Range: 'bytes=0-4' } });
    await send(proxy, '/whole');
    await page.keyboard.press('c');
    const badges = (path: string): Promise<string[]> =>
      page.locator('.entry-row', { hasText: path }).locator('.badge:visible').allInnerTexts();
    await poll(() => badges('/head/')).toEqual(['only the head']);
    await poll(() => badges('/part')).toEqual(['only a part']);
    expect(await badges('/whole')).toEqual([]);
    const badge = await page.locator('.entry-row', { hasText: '/head/' }).locator('.badge').boundingBox();
    const cell = await page.locator('.entry-row', { hasText: '/head/' }).locator('[data-column=uri]').boundingBox();
    expect((badge?.x ?? 0) + (badge?.width ?? 0)).toBeLessThanOrEqual((cell?.x ?? 0) + (cell?.width ?? 0));
    await picture('cache-heads-and-parts');
    expect(await accessibilityProblems(page, '.entry-frame')).toEqual([]);
  });

  test('purges a pattern and everything, after asking', async () => {
    const { page, proxy } = await openWithOrigin();
    for (const path of ['/img/1', '/img/2', '/page']) await send(proxy, path);
    await page.getByRole('navigation').getByRole('button', { name: 'Cache', exact: true }).click();
    const rows = (): Promise<number> => page.locator('.entry-row').count();
    await poll(rows).toBe(3);
    await page.getByRole('button', { name: 'Purge', exact: true }).press('Enter');
    await page.getByRole('menuitem', { name: 'By URL pattern…' }).click();
    await page.getByRole('textbox', { name: 'URL pattern' }).fill('*/img/*');
    await page.keyboard.press('Enter');
    await page.getByText('2 stored responses were purged.').waitFor();
    await poll(rows).toBe(1);
    await page.getByRole('button', { name: 'Purge', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Everything…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await rows()).toBe(1);
    await page.getByRole('button', { name: 'Purge', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Everything…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Purge' }).click();
    await page.getByRole('heading', { name: 'Nothing is stored yet' }).waitFor();
  });

  test('asks before stored responses have to go for want of room, on both pages that set it', async () => {
    const { page, proxy } = await openWithOrigin();
    for (const path of ['/a', '/b']) await send(proxy, path);
    await page.keyboard.press('c');
    await poll(() => page.locator('.entry-row').count()).toBe(2);
    const dialog = page.getByRole('dialog', { name: 'Stored responses will go' });
    const cancelled = async (field: Locator, value: string, says: RegExp): Promise<void> => {
      const before = await field.inputValue();
      await field.fill(value);
      await page.keyboard.press('Enter');
      await dialog.getByText(says).waitFor();
      expect(await accessibilityProblems(page, 'dialog[open]')).toEqual([]);
      // What can be lost is not what Enter does.
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      await poll(() => field.inputValue()).toBe(before);
      await poll(() => field.evaluate((input) => input === document.activeElement)).toBe(true);
    };
    await page.getByRole('tab', { name: 'Rules' }).click();
    await cancelled(page.getByRole('textbox', { name: 'Room for all of them' }), '0', /^All 2 responses/);
    await page.locator('h1').click();
    await page.keyboard.press('Control+,');
    await cancelled(
      page.locator('[data-setting="cache.maxEntries"]').getByRole('textbox'),
      '1',
      /^2 responses are stored/,
    );
    const room = page.locator('[data-setting="cache.maxBytes"]').getByRole('textbox');
    await cancelled(room, '0', /^All 2 responses/);
    await page.locator('h1').click();
    await page.keyboard.press('c');
    await page.getByRole('tab', { name: 'Stored responses' }).click();
    await poll(() => page.locator('.entry-row').count()).toBe(2);

    await page.keyboard.press('Control+,');
    await room.fill('0');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Leave less room' }).click();
    await page.locator('[data-setting="cache.maxBytes"]').getByText('changed', { exact: true }).waitFor();
    await page.locator('h1').click();
    await page.keyboard.press('c');
    await page.getByRole('heading', { name: 'Nothing is stored yet' }).waitFor();
    // With everything gone there is nothing to ask about.
    await page.keyboard.press('Control+,');
    await room.fill('64M');
    await page.keyboard.press('Enter');
    await poll(() => room.inputValue()).toBe('64M');
    expect(await dialog.count()).toBe(0);
  });

  test('purges the selected response with the key that deletes, and brings it back with the one that undoes', async () => {
    const { page, proxy } = await openWithOrigin();
    for (const path of ['/a', '/b']) await send(proxy, path);
    await page.keyboard.press('c');
    await page.locator('.entry-row', { hasText: '/a' }).click();
    await page.keyboard.press('Delete');
    await page.locator('.entry-row', { hasText: '/a' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await page.locator('.entry-row', { hasText: '/a' }).waitFor();
  });

  test("makes a rule of the person's own, which then decides", async () => {
    const { page, proxy, picture } = await openWithOrigin(answer, { scheme: 'dark' });
    await page.keyboard.press('c');
    await page.getByRole('tab', { name: 'Rules' }).click();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.getByText('an overlay needs a name').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('placeholder'))).toBe('Images for an hour');
    await page.getByRole('textbox', { name: 'Name' }).fill('Keep all');
    await page.getByRole('textbox', { name: 'URL pattern' }).fill('*');
    await page.getByRole('combobox', { name: 'Stays fresh for' }).selectOption('fixed');
    await page.getByRole('checkbox', { name: 'Ignore no-store' }).check();
    await picture('cache-rule-dark');
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.locator('.rule-item', { hasText: 'fresh for exactly 60 min' }).waitFor();
    for (let i = 0; i < 2; i++) await send(proxy, '/secret?cc=no-store');
    await page.keyboard.press('t');
    await endedRows(page, '/secret?cc=no-store').nth(1).click();
    await page.keyboard.press('4');
    await page.locator('.decision-head .badge', { hasText: 'HIT' }).waitFor();
    await page.locator('.decision-head', { hasText: 'Departs from the RFC' }).waitFor();

    await page.reload();
    await page.getByRole('navigation').getByRole('button', { name: 'Cache', exact: true }).click();
    await page.getByRole('tab', { name: 'Rules' }).click();
    await page.getByRole('button', { name: 'Delete Keep all' }).click();
    await page.getByText('There are no rules yet.').waitFor();
  });
});

describe('the cache tab of an exchange', () => {
  test('sets a near miss side by side, and answers what if', async () => {
    const { page, proxy, picture } = await openWithOrigin();
    const path = '/v?vary=Accept-Language&cc=max-age%3D60';
    for (const language of ['de', 'en']) await send(proxy, path, { headers: { 'Accept-Language': language } });
    await endedRows(page, path).nth(1).click();
    await page.keyboard.press('4');
    const differing = page.locator('.near-miss tr[data-stops=true]');
    await differing.waitFor();
    expect((await differing.locator('td').allInnerTexts()).map((text) => text.trim())).toEqual(['de', 'en']);
    await page.locator('.evidence mark', { hasText: 'en' }).waitFor();

    const side = page.locator('.what-if-side[data-other=true]');
    await side.locator('.badge', { hasText: 'HIT' }).waitFor();
    await page.getByRole('button', { name: '10 min', exact: true }).click();
    await side.locator('.badge', { hasText: 'MISS' }).waitFor();
    await page.getByRole('combobox', { name: 'The cache works as' }).selectOption('offline');
    await side.locator('.badge', { hasText: 'HIT' }).waitFor();
    await picture('what-if');
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.getByText("The response's fields").click();
    await page.getByRole('textbox', { name: "The response's fields" }).fill('Cache-Control: no-store');
    await page.getByText('The response would not be stored').waitFor();
    await page.getByRole('textbox', { name: "The response's fields" }).fill('nonsense');
    await page.getByRole('alert').getByText('Line 1 is not a field').waitFor();

    await page.locator('.entry-actions').getByRole('button', { name: 'Open the stored entry' }).click();
    await page.locator('#entry-details .variants tr[data-current=true]', { hasText: 'accept-language: en' }).waitFor();
  });
});
