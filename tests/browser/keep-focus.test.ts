import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { endedRows, openUi, send } from './ui-page.ts';

async function isFocused(element: Locator): Promise<void> {
  await expect.poll(() => element.evaluate((found) => found === document.activeElement)).toBe(true);
}

async function press(button: Locator): Promise<void> {
  await button.focus();
  await button.press('Enter');
}

test('a button that goes when it is pressed leaves the keyboard to what is beside it, or where it was before', async () => {
  const { page, proxy } = await openUi({ tour: true });
  for (const path of ['/etag', '/missing']) await send(proxy, path);
  await endedRows(page, '/missing').waitFor();
  const list = page.locator('#request-list');

  // The tour, at whose end there is nothing beside.
  await list.focus();
  await page.getByRole('button', { name: 'Skip the tour' }).focus();
  await page.keyboard.press('Escape');
  await page.locator('.tour-strip').waitFor({ state: 'detached' });
  await isFocused(list);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('tour');
  await page.getByRole('option', { name: 'Take the tour', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.tour-step', { hasText: '1 of 4' }).waitFor();
  await page.getByRole('button', { name: 'Skip the tour' }).press('Enter');
  await isFocused(list);

  // An offer to undo.
  await page.keyboard.press('End');
  await page.keyboard.press('Delete');
  await endedRows(page, '/missing').waitFor({ state: 'detached' });
  await press(page.locator('.notice').getByRole('button', { name: 'Undo' }));
  await endedRows(page, '/missing').waitFor();
  await isFocused(list);

  // The way back from a time range, and from a filter that nothing passes.
  await page.getByRole('slider', { name: 'From' }).focus();
  await page.keyboard.press('PageUp');
  await press(page.getByRole('button', { name: 'Show all times' }).first());
  await isFocused(page.getByRole('slider', { name: 'To' }));
  await page.locator('#filter').fill('nothing-has-this');
  await press(page.locator('.empty-state').getByRole('button', { name: 'Clear the filter' }));
  await isFocused(list);
});

test('settings keep the keyboard while they are changed', async () => {
  const { page } = await openUi();
  await page.keyboard.press('Control+,');
  const setting = (path: string): Locator => page.locator(`[data-setting="${path}"]`);
  const saved = (path: string): Promise<unknown> => setting(path).getByText('changed', { exact: true }).waitFor();

  const mode = setting('cache.mode').getByRole('combobox');
  await mode.focus();
  await page.keyboard.press('ArrowDown');
  await saved('cache.mode');
  await isFocused(mode);

  const cap = setting('record.bodyCap').getByRole('textbox');
  await cap.fill('2M');
  await page.keyboard.press('Enter');
  await saved('record.bodyCap');
  await isFocused(cap);
  // The way back to the default goes with its press.
  await press(setting('record.bodyCap').getByRole('button', { name: /back to/ }));
  await expect.poll(() => cap.inputValue()).toBe('1M');
  await isFocused(cap);

  const flag = page.getByRole('switch').first();
  await flag.focus();
  await page.keyboard.press('Space');
  await page.locator('.setting[data-changed=true] [role=switch]').first().waitFor();
  await isFocused(flag);
});

test('the keys of a rule of the cache stay at the place of one that is deleted, and bring it back', async () => {
  const { page } = await openUi();
  await page.keyboard.press('c');
  await page.getByRole('tab', { name: 'Rules' }).click();
  for (const name of ['One', 'Two']) await addRule(page, name);
  await press(page.getByRole('button', { name: 'Delete One' }));
  await page.locator('.rule-item', { hasText: 'One' }).waitFor({ state: 'detached' });
  await isFocused(page.getByRole('button', { name: 'Delete Two' }));
  await page.keyboard.press('Control+z');
  await expect.poll(() => page.locator('.rule-item strong').allInnerTexts()).toEqual(['One', 'Two']);
});

async function addRule(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'URL pattern' }).fill(`*/${name}`);
  await page.keyboard.press('Control+Enter');
  await page.locator('.rule-item', { hasText: name }).waitFor();
}
