import type { Page } from 'playwright-core';

/** A way the interface can look. */
export interface Look {
  readonly name: string;
  readonly scheme: 'light' | 'dark';
  /** The system draws with its own few colours. */
  readonly forced?: true;
  /** What the interface has stored about itself. */
  readonly view: Readonly<Record<string, unknown>>;
}

export const LOOKS: readonly Look[] = [
  { name: 'light', scheme: 'light', view: {} },
  { name: 'dark', scheme: 'dark', view: {} },
  { name: 'contrast', scheme: 'dark', view: { contrast: 'more', density: 'compact' } },
  { name: 'forced', scheme: 'dark', forced: true, view: {} },
  { name: 'chinese', scheme: 'light', view: { language: 'zh-CN' } },
];

/** A page or panel to be pictured, found by what does not change with the language. */
export interface Scene {
  readonly name: string;
  /** Whether it is about a list without traffic. */
  readonly empty?: boolean;
  readonly prepare: (page: Page) => Promise<void>;
}

const details = (name: string, key: string, verdict: string, shown: string): Scene => ({
  name,
  prepare: async (page) => {
    await page
      .locator('.request-row')
      .filter({ has: page.locator(`.badge[data-verdict=${verdict}]`) })
      .first()
      .click();
    await page.keyboard.press(key);
    await page.locator(shown).first().waitFor();
  },
});

const pressed = (name: string, keys: readonly string[], shown: string): Scene => ({
  name,
  prepare: async (page) => {
    for (const key of keys) await page.keyboard.press(key);
    await page.locator(shown).first().waitFor();
  },
});

export const scenes: readonly Scene[] = [
  { name: 'start', empty: true, prepare: (page) => page.locator('.start').waitFor() },
  {
    name: 'connect',
    empty: true,
    prepare: async (page) => {
      await page.locator('.connect-button').click();
      await page.locator('dialog[open]').waitFor();
    },
  },
  pressed('list', [], '.request-row'),
  {
    name: 'timeline',
    prepare: async (page) => {
      await page.locator('.request-row', { hasText: '/slow' }).first().click();
      await page.keyboard.press('1');
      await page.locator('.timeline').waitFor();
    },
  },
  details('request', '2', 'MISS', '.details .field-value'),
  details('response', '3', 'MISS', '.details .body-panel'),
  details('decision', '4', 'REVALIDATED', '.decision-meaning'),
  details('conversation', '5', 'REVALIDATED', '.talk'),
  {
    name: 'compare',
    prepare: async (page) => {
      await page.locator('.request-row').first().click();
      await page.keyboard.press('Shift+ArrowDown');
      await page.keyboard.press('x');
      await page.locator('.compare').waitFor();
    },
  },
  pressed('cache', ['c', 'j'], '.entry-list'),
  {
    name: 'cache-rules',
    prepare: async (page) => {
      await page.keyboard.press('c');
      await page.locator('.cache-page [role=tab]').nth(1).click();
      await page.locator('.rules-content').waitFor();
    },
  },
  pressed('rules', ['m'], '.rules-page'),
  pressed('routing', ['r'], '.routing-page'),
  pressed('settings', ['Control+,'], '.setting'),
  pressed('palette', ['Control+k'], '.palette-option'),
  pressed('keyboard', ['?'], '.keyboard-section'),
  pressed('sessions', ['s'], 'dialog[open]'),
  {
    name: 'upstream',
    prepare: async (page) => {
      await page.locator('.upstream-trigger').click();
      await page.locator('.upstream-panel').waitFor();
    },
  },
  {
    name: 'row-menu',
    prepare: async (page) => {
      await page.locator('.request-row').nth(2).click({ button: 'right' });
      await page.locator('.menu').waitFor();
    },
  },
];
