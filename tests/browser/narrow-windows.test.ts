import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessibilityProblems } from './accessibility.ts';
import { endedRows, openUi, send } from './ui-page.ts';

const WIDTHS = [
  700, 760, 800, 850, 880, 911, 940, 1000, 1001, 1020, 1050, 1070, 1071, 1100, 1151, 1250, 1276, 1280, 1321, 1340, 1391,
  1480, 1491, 1561, 1600, 1641,
];

/** Pixels between the parts of the bar that are nearest to each other, and to the window's edge; below 0 they overlap. */
function leastGap(page: Page): Promise<number> {
  return page.locator('.top-bar').evaluate((bar) => {
    const boxes = [...bar.children]
      .filter((part) => part.checkVisibility())
      .map((part) => {
        const { left, top, bottom } = part.getBoundingClientRect();
        // What does not fit into a part lies beyond its own edge.
        const inside = [part, ...part.querySelectorAll('*')].filter((element) => element.checkVisibility());
        return { left, top, bottom, right: Math.max(...inside.map((one) => one.getBoundingClientRect().right)) };
      });
    const gaps = boxes.map(({ right }) => innerWidth - right);
    for (const one of boxes) {
      for (const other of boxes) {
        const beside = one.top < other.bottom && other.top < one.bottom;
        if (beside && one.left < other.left) gaps.push(other.left - one.right);
      }
    }
    return Math.min(...gaps);
  });
}

test('the parts of the bar at the top lie beside or below each other in windows of any width, in both languages', async () => {
  const { page, picture } = await openUi();
  const overlaps: object[] = [];
  for (const [language, code] of [
    ['English', 'en'],
    ['简体中文', 'zh-CN'],
  ] as const) {
    await page.getByRole('button', { name: 'Theme, layout and more' }).click();
    await page.getByRole('menuitemradio', { name: language }).click();
    await page.locator(`html[lang=${code}]`).waitFor();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 700 });
      const label = page.locator('.upstream-trigger-label');
      expect(await label.evaluate((text) => text.scrollWidth <= text.clientWidth), `${code}, ${width}`).toBe(true);
      const gap = await leastGap(page);
      if (gap < 2) overlaps.push({ code, width, gap });
    }
    await page.setViewportSize({ width: 850, height: 700 });
    await picture(`narrow-${code}`);
    expect(await accessibilityProblems(page, '.top-bar')).toEqual([]);
  }
  expect(overlaps).toEqual([]);
});

test('a menu that is longer than the window scrolls, to its last item', async () => {
  const { page } = await openUi({ width: 1280, height: 480 });
  await page.getByRole('button', { name: 'Columns' }).click();
  const last = page.getByRole('menuitem', { name: 'Reset columns' });
  await last.scrollIntoViewIfNeeded();
  const bottom = await last.evaluate((item) => item.getBoundingClientRect().bottom);
  expect(bottom).toBeLessThanOrEqual(480);
});

test('the buttons of the bar stay where they are while a menu of theirs is open', async () => {
  const { page, proxy } = await openUi({ width: 1280, height: 800 });
  await send(proxy, '/etag');
  await endedRows(page, '/etag').waitFor();
  const places = (): Promise<number[]> =>
    page.locator('.top-bar button').evaluateAll((buttons) => buttons.map((one) => one.getBoundingClientRect().left));
  const before = await places();
  await page.getByRole('button', { name: 'Delete a part of the list' }).click();
  await page.getByRole('menuitem', { name: /^What is listed/ }).waitFor();
  expect(await places()).toEqual(before);
});

test('a narrow window has its state, a filter and its chips whole, and a URL of any length in few lines', async () => {
  const { page, proxy, picture } = await openUi({ width: 1100, height: 720 });
  const whole = (selector: string): Promise<boolean> =>
    page.locator(selector).evaluate((element) => {
      const { right } = element.getBoundingClientRect();
      const edge = Math.min(innerWidth, element.parentElement?.getBoundingClientRect().right ?? 0);
      return right < edge + 1;
    });
  for (const path of ['/', '/', '/etag', '/etag', '/missing', '/error', '/basket']) await send(proxy, path);
  await send(proxy, '/echo', { method: 'POST' });
  await send(proxy, `/${'long/'.repeat(500)}`);
  await page.locator('.request-row').nth(8).click();
  await page.keyboard.press('4');
  const decided = page.locator('.code-word-inline', { hasText: '/long/' }).first();
  expect((await decided.innerText()).length).toBeLessThan(700);
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 850, height: 720 });
  await page.keyboard.press('/');
  await page.keyboard.type('path:/missing-');
  await page.locator('.filter-chip').waitFor();
  expect(await whole('.filter-chip')).toBe(true);
  await page.setViewportSize({ width: 700, height: 720 });
  await picture('narrow-filter');
  expect(await whole('.status-bar [role=status]')).toBe(true);
  expect(await accessibilityProblems(page, '.filter-bar')).toEqual([]);
});

test('the list of stored responses shows which is which beside the details of one, in a narrow window', async () => {
  const { page, proxy } = await openUi({ width: 720, height: 700 });
  for (const path of ['/style.css', '/art/field.png']) await send(proxy, path);
  await page.keyboard.press('c');
  await page.locator('.entry-row', { hasText: '/art/field.png' }).click();
  await page.locator('#entry-details').waitFor();
  const uris = page.locator('.entry-row [data-column=uri]');
  const whole = (): Promise<boolean[]> =>
    uris.evaluateAll((cells) =>
      cells.map((cell) => [cell, ...cell.querySelectorAll('*')].every((one) => one.scrollWidth <= one.clientWidth + 1)),
    );
  await expect.poll(whole).toEqual([true, true]);
});
