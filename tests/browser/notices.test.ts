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
