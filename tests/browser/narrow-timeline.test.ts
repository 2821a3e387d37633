import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { endedRows, openUi, send } from './ui-page.ts';

/** Pixels between the labels of the axis that are nearest to each other, and to the edges of the pane; below 0 they overlap. */
function leastGap(page: Page): Promise<number> {
  return page.locator('.details').evaluate((pane) => {
    const edges = pane.getBoundingClientRect();
    const boxes = [...pane.querySelectorAll('.timeline-tick > span')].map((label) => label.getBoundingClientRect());
    const gaps = boxes.map(({ left }, i) => left - (boxes[i - 1]?.right ?? edges.left));
    return Math.min(...gaps, edges.right - (boxes.at(-1)?.right ?? 0));
  });
}

test('the times of the axis and the tabs above it have room in windows of any width', async () => {
  const { page, proxy, picture } = await openUi();
  await send(proxy, '/slow');
  await endedRows(page, '/slow').click();
  await page.locator('.timeline .bar').first().waitFor();
  const ticks = page.locator('.timeline-tick');
  await expect.poll(() => ticks.count()).toBeGreaterThan(1);
  const wide = await ticks.count();
  // What has room in one pane may have it in another, too: only their number tells that the marks have been drawn anew.
  await page.setViewportSize({ width: 700, height: 700 });
  await expect.poll(() => ticks.count()).toBeLessThan(wide);
  const narrow = await ticks.count();
  expect(narrow).toBeGreaterThan(0);
  for (const width of [700, 760, 900, 1100, 1400]) {
    await page.setViewportSize({ width, height: 700 });
    // The marks are drawn anew a frame after the pane has its width.
    await expect.poll(() => leastGap(page), { message: `${width} px` }).toBeGreaterThan(8);
    const tabs = page.getByRole('tab');
    const beyond = await tabs.evaluateAll((all) => all.filter((tab) => tab.getBoundingClientRect().right > innerWidth));
    expect(beyond).toEqual([]);
    if (width === 760) await picture('narrow-timeline');
  }
  await expect.poll(() => ticks.count()).toBeGreaterThan(narrow);
  // A part that is looked at closely has round times, too.
  await page.locator('.timeline .bar').first().focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('+');
  await expect.poll(() => ticks.first().innerText()).toMatch(/^\d+ ms$/);
  expect(await leastGap(page)).toBeGreaterThan(8);
});
