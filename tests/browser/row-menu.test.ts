import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { accessibilityProblems } from './accessibility.ts';
import { choose, endedRows, openUi, send } from './ui-page.ts';

test('a row is copied in each form, exported, given a rule, and what is stored for it purged, by keys alone', async () => {
  const { page, proxy, picture } = await openUi({ flags: ['--cache', 'shared'] });
  const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  await send(proxy, '/almanac', { headers: { 'X-Asked': 'yes' } });
  await endedRows(page, '/almanac').click();

  await choose(page, 'Copy as', 'A call of fetch (JavaScript)');
  await expect.poll(copied).toMatch(/^await fetch\("http:[^"]*\/almanac", \{[^]*"X-Asked",\s*"yes"[^]*\}\);$/i);
  await choose(page, 'Copy as', 'The head of the request');
  await expect.poll(copied).toMatch(/^GET \/almanac HTTP\/1\.1\n[^]*^X-Asked: yes$/im);
  await choose(page, 'Copy as', 'The head of the response');
  await expect.poll(copied).toMatch(/^HTTP\/1\.1 200 OK\n[^]*^Content-Type: /im);

  await page.keyboard.press('Shift+C');
  await expect
    .poll(copied)
    .toMatch(/^[^\n]*\tMethod\t[^\n]*\n1\t[\d:.]+\tGET\t127[^\t]*\t\/almanac\t200\tMISS\t[^\n]*$/);
  await choose(page, 'Export as HAR…');
  await page.getByRole('dialog', { name: 'Export 1 request as HAR' }).getByLabel('With logins and cookies').waitFor();
  await picture('export-sheet');
  expect(await accessibilityProblems(page, 'dialog[open]')).toEqual([]);
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  await page.getByText(/^1 request exported as hopscope-[\d-]+\.har\.$/).waitFor();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^hopscope-\d{4}-\d\d-\d\d-\d{4}\.har$/);
  const { log } = JSON.parse(await readFile(await file.path(), 'utf8')) as { log: { entries: object[] } };
  expect(log.entries).toMatchObject([{ request: { method: 'GET' }, response: { status: 200 } }]);

  await endedRows(page, '/almanac').click();
  await choose(page, 'In the cache', 'Create a cache rule for this URL…');
  expect(await page.getByLabel('URL pattern').inputValue()).toMatch(/^http:.*\/almanac$/);
  await picture('rule-for-url');
  await page.keyboard.press('Enter');
  await page
    .locator('.rule-item')
    .getByText(/\/almanac$/)
    .first()
    .waitFor();
  // The rule is listed before its form is closed, which would take the next key as text.
  await page.getByLabel('URL pattern').waitFor({ state: 'detached' });
  await page.keyboard.press('t');

  await endedRows(page, '/almanac').click();
  await choose(page, 'In the cache', 'Purge the stored response');
  await page.getByRole('button', { name: 'Undo' }).click();
  await endedRows(page, '/almanac').click();
  await choose(page, 'In the cache', 'Purge all that is stored of this host');
  await endedRows(page, '/almanac').click();
  await choose(page, 'In the cache', 'Purge the stored response');
  await page.getByText('Nothing stored answers requests like this one.').waitFor();
});

test('rows are struck out and collected for a comparison by keys; both is told in words, and filtered by', async () => {
  const { page, proxy, picture } = await openUi();
  for (const path of ['/one', '/two', '/three']) await send(proxy, path);
  await endedRows(page, '/two').click();
  await choose(page, 'Mark', 'Strike out -');
  await choose(page, 'Mark', 'Orange');
  await endedRows(page, '/two').getByLabel('struck out').waitFor();
  expect(await endedRows(page, '/two').innerText()).toContain('marked orange');
  await page.reload();
  await endedRows(page, '/two').getByLabel('struck out').waitFor();

  await page.locator('#request-list').focus();
  for (const key of ['Home', 'Shift+X', 'j', 'Shift+X', 'j']) await page.keyboard.press(key);
  await choose(page, 'Add to the compare group Shift X');
  await endedRows(page, '/three').getByLabel('in the compare group').waitFor();
  await picture('struck-and-collected');
  expect(await accessibilityProblems(page, '#request-list')).toEqual([]);
  expect(await accessibilityProblems(page, '.filter-bar')).toEqual([]);

  await page.keyboard.press('g');
  await page.getByRole('heading', { name: 'Request 1 and request 2' }).waitFor();
  await page.getByRole('button', { name: 'The first beside the next one of the group' }).press('Enter');
  await page.getByRole('heading', { name: 'Request 1 and request 3' }).waitFor();
  await page.getByRole('combobox', { name: 'First' }).selectOption('3');
  await page.getByRole('heading', { name: 'Request 3 and request 1' }).waitFor();
  await page.getByText('/three', { exact: false }).last().waitFor();
  await picture('compare-group');
  expect(await accessibilityProblems(page, '.compare')).toEqual([]);
  await page.keyboard.press('Escape');
  // The keyboard is back where it came from.
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('request-list');

  await page.keyboard.press('/');
  await page.keyboard.type('is:struck');
  await expect.poll(() => page.locator('.request-row [data-column=id]').allTextContents()).toEqual(['2']);
  await page.getByRole('button', { name: 'Empty the compare group' }).click();
  await page.locator('.group-chip').waitFor({ state: 'detached' });
});

test('deleted rows go, and come back when that is undone', async () => {
  const { page, proxy } = await openUi();
  for (const path of ['/one', '/two', '/three']) await send(proxy, path);
  await endedRows(page, '/two').click();
  await page.keyboard.press('Delete');
  await page.getByText('1 request was deleted.').waitFor();
  await expect.poll(() => page.locator('.request-row').count()).toBe(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await endedRows(page, '/two').waitFor();
  expect(await page.locator('.request-row').count()).toBe(3);
});

test('what belongs to a row is selected with it, and rows are deleted by what they have in common', async () => {
  const { page, proxy, picture } = await openUi({ flags: ['--cache', 'shared'] });
  const selected = (): Promise<string[]> =>
    page.locator('.request-row[aria-selected=true] [data-column=id]').allTextContents();
  const listed = (): Promise<string[]> => page.locator('.request-row [data-column=id]').allTextContents();
  for (const path of ['/one', '/two', '/one', '/three']) await send(proxy, path);
  await endedRows(page, '/two').click();
  await page.keyboard.press('Shift+R');
  await expect.poll(listed).toEqual(['1', '2', '3', '4', '5']);

  await page.locator('#request-list').focus();
  await page.keyboard.press('[');
  await expect.poll(selected).toEqual(['2']);
  await page.keyboard.press(']');
  await expect.poll(selected).toEqual(['5']);
  await page.keyboard.press(']');
  await page.getByText('No other listed request is of that kind.').waitFor();
  await endedRows(page, '/one').last().click();
  await page.keyboard.press('=');
  await expect.poll(selected).toEqual(['1', '3']);

  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Delete more' }).focus();
  await page.keyboard.press('ArrowRight');
  await picture('row-menu-delete');
  expect(await accessibilityProblems(page, '[role=menu]')).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  await endedRows(page, '/three').click();
  await choose(page, 'Delete more', 'All but the selected');
  await expect.poll(listed).toEqual(['1', '3', '4']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(listed).toEqual(['1', '2', '3', '4', '5']);

  await page.keyboard.press('/');
  await page.keyboard.type('path:/t');
  await expect.poll(listed).toEqual(['2', '4', '5']);
  await page.getByRole('button', { name: 'Delete a part of the list' }).click();
  await picture('clear-menu');
  expect(await accessibilityProblems(page, '[role=menu]')).toEqual([]);
  await page.getByRole('menuitem', { name: 'What the filter hides 2' }).click();
  await page.getByText('There is nothing of that kind to delete.').waitFor();
  await page.getByRole('button', { name: 'Delete a part of the list' }).click();
  await page.getByRole('menuitem', { name: 'What is listed 3' }).click();
  await page.getByText('3 requests were deleted.').waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).last().click();
  await expect.poll(listed).toEqual(['1', '3']);
});
