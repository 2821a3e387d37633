import { expect, test } from 'vitest';
import { endedRows, importRules, openUi, send } from './ui-page.ts';

test('notices leave the buttons of a form alone', async () => {
  const { page, picture } = await openUi({ width: 1100, height: 640 });
  const rules = ['a', 'b', 'c', 'd'].map((name) => ({
    ...{ name: `Rule ${name}`, when: `path:/${name}`, action: { type: 'answer', status: 200 } },
  }));
  await importRules(page, rules);
  await page.keyboard.press('m');
  for (const name of ['a', 'b', 'c']) {
    await page.getByRole('button', { name: `Delete Rule ${name}`, exact: true }).click();
    await page.locator('.notice', { hasText: `“Rule ${name}” was deleted.` }).waitFor();
  }
  await page.getByRole('button', { name: 'Edit Rule d', exact: true }).click();
  const save = page.getByRole('button', { name: 'Save rule' });
  await save.scrollIntoViewIfNeeded();
  const isFree = await save.evaluate((button) => {
    const { left, width, top, height } = button.getBoundingClientRect();
    return [0.05, 0.5, 0.95].every((part) =>
      button.contains(document.elementFromPoint(left + part * width, top + height / 2)),
    );
  });
  await picture('notices-and-form');
  expect([isFree, await page.locator('.notice').count()]).toEqual([true, 3]);
});

test('only the last of several deletions is offered to be undone, since no other can be', async () => {
  const { page, proxy } = await openUi();
  for (const path of ['/one', '/two']) await send(proxy, path);
  for (const path of ['/one', '/two']) {
    await endedRows(page, path).click();
    await page.keyboard.press('Delete');
    await endedRows(page, path).waitFor({ state: 'detached' });
  }
  const undo = page.locator('.notice').getByRole('button', { name: 'Undo' });
  await expect.poll(() => undo.count()).toBe(1);
  await undo.click();
  await endedRows(page, '/two').waitFor();
  expect(await endedRows(page, '/one').count()).toBe(0);
});

test('a notice is reached by keys, and stays as long as the keyboard is on it', async () => {
  const { page, proxy } = await openUi();
  await send(proxy, '/one');
  await endedRows(page, '/one').click();
  await page.clock.install();
  await page.keyboard.press('Delete');
  const undo = page.locator('.notice').getByRole('button', { name: 'Undo' });
  await undo.waitFor();
  await page.locator('.status-bar').click();
  const isThere = (): Promise<boolean> => undo.evaluate((button) => button === document.activeElement);
  await page.keyboard.press('Shift+F6');
  await expect.poll(isThere).toBe(true);
  await page.clock.fastForward(60_000);
  expect(await undo.count()).toBe(1);
  await page.keyboard.press('Shift+F6');
  await expect.poll(isThere).toBe(false);
  await page.clock.fastForward(60_000);
  await undo.waitFor({ state: 'detached' });
});

test('what was deleted comes back with the key for that, which in a text is for the text', async () => {
  const { page, proxy } = await openUi();
  await send(proxy, '/one');
  await endedRows(page, '/one').click();
  await page.keyboard.press('Delete');
  await endedRows(page, '/one').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Find a command' }).focus();
  await page.locator('#filter').pressSequentially('one');
  await page.keyboard.press('Control+z');
  await expect.poll(() => page.locator('#filter').inputValue()).not.toBe('one');
  expect(await page.locator('.notice').getByRole('button', { name: 'Undo' }).count()).toBe(1);
  await page.locator('h1').click();
  await page.keyboard.press('Control+z');
  await page.locator('#filter').fill('');
  await endedRows(page, '/one').waitFor();
});
