import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { endedRows, openUi, send } from './ui-page.ts';

interface Drawn {
  readonly text: string;
  readonly ground: string;
  readonly outline: string;
}

/** How a system with colours of its own has an element drawn. */
function drawn(element: Locator): Promise<Drawn> {
  return element.first().evaluate((found) => {
    const { color, backgroundColor, outlineStyle } = getComputedStyle(found);
    return { text: color, ground: backgroundColor, outline: outlineStyle };
  });
}

test('where the system draws with its own few colours, filled buttons can be read, and what is chosen or on is seen', async () => {
  const { page, proxy, picture } = await openUi({ scheme: 'dark' });
  await page.emulateMedia({ forcedColors: 'active' });
  const { ground: canvas } = await drawn(page.locator('body'));
  const primary = await drawn(page.locator('.start .button[data-kind=primary]'));
  expect(primary.ground).not.toBe(canvas);
  expect(primary.text).not.toBe(primary.ground);
  expect((await drawn(page.locator('.live-dot'))).ground).not.toBe(canvas);

  await send(proxy, '/etag');
  await endedRows(page, '/etag').click();
  expect((await drawn(page.locator('.request-row[aria-selected=true]'))).outline).toBe('solid');
  expect((await drawn(page.locator('.breakdown-swatch'))).ground).not.toBe(canvas);
  expect((await drawn(page.locator('.timeline .bar'))).ground).not.toBe(canvas);
  await picture('forced-colors');

  await page.keyboard.press('Control+k');
  expect((await drawn(page.locator('.palette-option[aria-selected=true]'))).outline).toBe('solid');
  await page.keyboard.press('Escape');
  await page.locator('.request-row').first().click({ button: 'right' });
  await page.keyboard.press('ArrowDown');
  expect((await drawn(page.locator('.menu-item[data-highlighted]'))).outline).toBe('solid');
});
