import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { choose, endedRows, openUi, send } from './ui-page.ts';

/** Waits until the keyboard is with an element. */
async function isFocused(element: Locator): Promise<void> {
  await expect.poll(() => element.evaluate((found) => found === document.activeElement)).toBe(true);
}

/** Chooses an item of a button's menu by keys. */
async function chooseOf(page: Page, button: Locator, item: string): Promise<void> {
  await button.press('Enter');
  await page.getByRole('menu').locator(':focus').or(page.locator('[role=menu]:focus')).first().waitFor();
  await page.getByRole('menuitem', { name: item, exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.locator('dialog[open]').waitFor();
}

test('a dialog that was opened from a menu gives the keyboard back to where the menu was', async () => {
  const { page, proxy } = await openUi({ flags: ['--cache', 'shared'] });
  await send(proxy, '/etag');
  await endedRows(page, '/etag').click();
  const list = page.locator('#request-list');
  const dialog = page.locator('dialog[open]');
  for (const item of ['Comment…', 'Export as HAR…', 'Edit and send again… E']) {
    await choose(page, item);
    await dialog.waitFor();
    await isFocused(dialog.locator(':focus'));
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await isFocused(list);
  }
  await choose(page, 'Comment…');
  await isFocused(dialog.getByRole('textbox'));
  await page.keyboard.type('As expected');
  await page.keyboard.press('Control+Enter');
  await endedRows(page, '/etag').getByLabel('comment: As expected').waitFor();
  await isFocused(list);

  const columns = page.getByRole('button', { name: 'Columns' });
  await chooseOf(page, columns, 'Add a header…');
  await page.keyboard.press('Escape');
  await isFocused(columns);

  await page.keyboard.press('c');
  await page.locator('.entry-row').first().waitFor();
  const purge = page.getByRole('button', { name: 'Purge', exact: true }).first();
  for (const item of ['A host…', 'Everything…']) {
    for (const close of ['Escape', 'Cancel']) {
      await chooseOf(page, purge, item);
      if (close === 'Escape') await page.keyboard.press('Escape');
      else await dialog.getByRole('button', { name: close }).press('Enter');
      await dialog.waitFor({ state: 'detached' });
      await isFocused(purge);
    }
  }
  await chooseOf(page, purge, 'Everything…');
  await dialog.getByRole('button', { name: 'Purge' }).press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await isFocused(purge);
});

test('details that are closed by their button leave the keyboard to the list', async () => {
  const { page, proxy } = await openUi({ flags: ['--cache', 'shared'] });
  await send(proxy, '/etag');
  const close = page.getByRole('button', { name: 'Close the details' });
  await endedRows(page, '/etag').click();
  await close.press('Enter');
  await isFocused(page.locator('#request-list'));
  await page.keyboard.press('c');
  await page.locator('.entry-row').first().click();
  await close.press('Enter');
  await isFocused(page.locator('#entry-list'));
});
