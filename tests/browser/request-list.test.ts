import { expect, test } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { accessibilityProblems } from './accessibility.ts';
import { endedRows, openUi, send } from './ui-page.ts';

test('the list is read by keyboard: columns, order, time, groups, parts of the filter', async () => {
  const origin = await startOrigin((request, response) => {
    response.statusCode = request.url === '/api/broken' ? 500 : 200;
    response
      .setHeader('ETag', `"of ${request.url ?? ''}"`)
      .setHeader('Cache-Control', 'max-age=60')
      .end('answered');
  });
  const { page, proxy, picture } = await openUi({ flags: ['--upstream', origin.url] });
  for (const path of ['/', '/api/items', '/api/broken', '/style.css', '/style.css']) await send(proxy, path);
  await expect.poll(() => endedRows(page, '/style.css').count()).toBe(2);
  const listed = (): Promise<string[]> => page.locator('.request-row:not(.group-row) .row-path').allInnerTexts();
  const numbers = page.locator('.status-bar');

  // The status bar tells what the recording comes to.
  await numbers.getByText('5 requests').waitFor();
  expect(await numbers.innerText()).toMatch(/Hit ratio\s+20 %, 20 % of bytes[^]*Saved\s+8 B[^]*1 error/);

  // A header as a column.
  await page.getByRole('button', { name: 'Columns' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Add a header…' }).focus();
  await page.keyboard.press('Enter');
  const name = page
    .getByRole('textbox', { name: 'Name of the header' })
    .or(page.getByRole('combobox', { name: 'Name of the header' }));
  await name.fill('not a name');
  await page.keyboard.press('Enter');
  await page
    .getByRole('alert')
    .getByText(/one word/)
    .waitFor();
  expect(await accessibilityProblems(page, 'dialog[open]')).toEqual([]);
  await name.fill('ETag');
  await page.keyboard.press('Enter');
  await page.getByRole('gridcell', { name: '"of /api/items"' }).waitFor();

  // Titles sort, and move with Alt.
  await page.getByRole('button', { name: '#', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByRole('columnheader', { name: 'Path' }).and(page.locator('[aria-sort=descending]')).waitFor();
  await expect.poll(listed).toContain('/');
  const first = page.locator('.request-row[aria-rowindex="2"] .row-path');
  await expect.poll(() => first.innerText()).toBe('/style.css');
  await page.keyboard.press('Alt+ArrowLeft');
  await expect.poll(() => page.getByRole('columnheader').nth(3).innerText()).toBe('Path');
  await page.keyboard.press('Enter');
  await expect.poll(() => first.innerText()).toBe('/');

  // A time, chosen with one of its two handles.
  const from = page.getByRole('slider', { name: 'From' });
  await from.focus();
  await page.keyboard.press('End');
  await expect.poll(async () => (await listed()).length).toBe(1);
  await page.getByRole('button', { name: 'Show all times' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await listed()).length).toBe(5);

  // Hosts and folders as a tree.
  await page.getByRole('button', { name: 'Arrangement of the list' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio', { name: 'By host and folder' }).focus();
  await page.keyboard.press('Enter');
  const tree = page.getByRole('treegrid', { name: 'Requests' });
  await tree.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  const api = tree.getByRole('row', { name: /^api 2 requests 1 error/ });
  await expect.poll(() => api.getAttribute('aria-selected')).toBe('true');
  expect(await listed()).toHaveLength(3);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => api.getAttribute('aria-expanded')).toBe('true');
  await expect.poll(listed).toContain('/api/broken');
  await picture('list-groups');
  expect(await accessibilityProblems(page, 'body')).toEqual([]);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => tree.locator('[data-current=true] .row-path').innerText()).toBe('/api/items');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Space');
  await expect.poll(() => api.getAttribute('aria-expanded')).toBe('false');
  await page.getByRole('button', { name: 'Arrangement of the list' }).click();
  await page.getByRole('menuitemradio', { name: 'One list' }).click();

  // Each part of the filter as a chip.
  const field = page.getByRole('combobox', { name: 'Filter requests' });
  await field.fill('path:api status:5xx');
  await expect.poll(listed).toEqual(['/api/broken']);
  await page.getByRole('button', { name: 'status:5xx', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(listed).toEqual(['/api/items']);
  expect(await field.inputValue()).toBe('path:api -status:5xx');
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await accessibilityProblems(page, 'body')).toEqual([]);
  await picture('list-filter-dark');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Delete');
  await expect.poll(() => field.inputValue()).toBe('-status:5xx');
  await page.keyboard.press('Delete');
  await expect.poll(async () => (await listed()).length).toBe(5);
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
});

test('the suggestions of the filter are gone through and taken by keys', async () => {
  const { page, proxy } = await openUi();
  await send(proxy, '/missing');
  await endedRows(page, '/missing').waitFor();
  const field = page.getByRole('combobox', { name: 'Filter requests' });
  await field.focus();
  await page.keyboard.type('st');
  await page.getByRole('option', { name: /^status:/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => field.getAttribute('aria-activedescendant')).toBe('filter-offer-0');
  await page.keyboard.press('Enter');
  await expect.poll(() => field.inputValue()).toBe('status:');
  await page.getByRole('option', { name: /^status:404/ }).waitFor();
});

test('a time in which nothing happened says so, with a filter and without, and leads back to all times', async () => {
  const { page, proxy } = await openUi();
  await send(proxy, '/one');
  await endedRows(page, '/one').waitFor();
  // Takes its time: what lies between the two requests.
  await page.reload();
  await endedRows(page, '/one').waitFor();
  await send(proxy, '/two');
  await endedRows(page, '/two').waitFor();
  // The axis follows the list a moment later.
  await page.getByRole('img', { name: /^2 requests / }).waitFor();
  const { x, y, width } = (await page.locator('.overview-track').boundingBox()) ?? { x: 0, y: 0, width: 0 };
  await page.mouse.move(x + width * 0.4, y + 5);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.6, y + 5, { steps: 3 });
  await page.mouse.up();
  const cover = page.locator('.empty-state');
  await cover.getByRole('heading', { name: 'There is no request in the chosen time' }).waitFor();
  expect(await cover.getByRole('button').allInnerTexts()).toEqual(['Show all times']);
  await page.locator('#filter').fill('one');
  await cover.getByRole('heading', { name: 'No request of the chosen time matches the filter' }).waitFor();
  await cover.getByRole('button', { name: 'Show all times' }).click();
  await endedRows(page, '/one').waitFor();
});

test('a column that was moved in front of the path is resized at its right edge', async () => {
  const { page, proxy } = await openUi();
  await send(proxy, '/etag');
  await endedRows(page, '/etag').waitFor();
  const status = page.locator('.head-cell[data-column=status]');
  await status.getByRole('button').focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect.poll(() => status.evaluate((cell) => cell.nextElementSibling?.getAttribute('data-column'))).toBe('path');
  const before = (await status.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(before.x + before.width - 1, before.y + before.height / 2);
  await page.mouse.down();
  await page.mouse.move(before.x + before.width + 39, before.y + before.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await status.boundingBox())?.width).toBe(before.width + 40);
  expect((await status.boundingBox())?.x).toBe(before.x);
});
