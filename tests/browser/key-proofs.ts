import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { CommandId } from '../../shared/commands.ts';

/** A busy machine may take its time. */
export const poll = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 20_000 });

/** What is asked for, in this order, before any key is pressed. */
export const PATHS = ['/', '/style.css', '/style.css', '/missing', '/api/hops', '/almanac', '/etag', '/error'];

/** Whether the focus is on or in what `selector` finds. */
export const focused = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector);

/** What a press of a command's keys is seen by; `before` is read first, where the key turns something over. */
export interface Proof {
  readonly prepare?: (page: Page) => Promise<unknown>;
  readonly before?: (page: Page) => Promise<unknown>;
  readonly see: (page: Page, before: unknown) => Promise<unknown>;
}

/** Shows the traffic, with the focus on its list. */
export const onTraffic = async (page: Page): Promise<void> => {
  await page.keyboard.press('t');
  await page.locator('#request-list').focus();
};
const current = (page: Page): Promise<number> =>
  page.locator('.request-row[data-current=true]').evaluate((row) => Number(row.getAttribute('aria-rowindex')) - 1);
const appears = (selector: string) => async (page: Page) => {
  await page.locator(selector).first().waitFor();
};
const dialogAppears = (selector: string) => async (page: Page) => {
  await page.locator(`dialog[open] ${selector}`).first().waitFor();
  await page.keyboard.press('Escape');
  // Its content goes a moment after the dialog is closed.
  await poll(() => page.locator(selector).count()).toBe(0);
};
const row = (wanted: number): Proof['see'] => {
  return async (page) => {
    await poll(() => current(page)).toBe(wanted);
  };
};
const rows = (wanted: number) => async (page: Page) => {
  await poll(() => page.locator('.request-row').count()).toBe(wanted);
};
const at = (key: 'Home' | 'End') => async (page: Page) => {
  await onTraffic(page);
  await page.keyboard.press(key);
};
const tab = (name: string): Proof => ({
  prepare: onTraffic,
  see: (page) => page.locator(`#details [role=tab][aria-selected=true]`, { hasText: name }).waitFor(),
});
const turns = (read: (page: Page) => Promise<unknown>): Proof => ({
  prepare: onTraffic,
  before: read,
  see: (page, before) => poll(() => read(page)).not.toEqual(before),
});
const fileChooserAppears = (): Proof => {
  let chooser: Promise<unknown> | undefined;
  return {
    prepare: async (page) => {
      // Before other messages to the page: a key would overtake the one that has it tell of choosers.
      chooser = page.waitForEvent('filechooser');
      await onTraffic(page);
    },
    see: async () => {
      await chooser;
    },
  };
};
const focusMoves: Proof = turns((page) => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200)));
const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

/** For each command that has keys, what they do. */
export const PROOFS: Readonly<Partial<Record<CommandId, Proof>>> = {
  'list.first': { prepare: at('End'), see: row(1) },
  'list.last': { prepare: at('Home'), see: row(PATHS.length) },
  'list.next': { prepare: at('Home'), see: row(2) },
  'list.previous': { prepare: at('End'), see: row(PATHS.length - 1) },
  'list.pageDown': { prepare: at('Home'), see: row(PATHS.length) },
  'list.pageUp': { prepare: at('End'), see: row(1) },
  'list.selectAll': {
    prepare: at('Home'),
    see: (page) => poll(() => page.locator('.request-row[aria-selected=true]').count()).toBe(PATHS.length),
  },
  'list.pin': { ...turns((page) => page.getByLabel('pinned').count()), prepare: at('Home') },
  'list.strike': { ...turns((page) => page.getByLabel('struck out').count()), prepare: at('Home') },
  'list.copyUrl': { prepare: at('Home'), see: (page) => poll(() => clipboard(page)).toMatch(/^http:\/\/\S+$/) },
  'list.copyCurl': { prepare: at('Home'), see: (page) => poll(() => clipboard(page)).toMatch(/^curl http/) },
  'list.copyRows': { prepare: at('Home'), see: (page) => poll(() => clipboard(page)).toMatch(/\tMethod\t.*\n1\t/) },
  'list.editResend': { prepare: at('Home'), see: dialogAppears('.resend-form') },
  'list.resend': {
    prepare: at('Home'),
    see: async (page) => {
      await rows(PATHS.length + 1)(page);
      await replayIsDeleted(page);
    },
  },
  'list.repeat': { prepare: at('Home'), see: dialogAppears('.repeat-paces') },
  'list.selectParent': {
    prepare: withReplay,
    see: async (page) => {
      await row(1)(page, undefined);
      await page.keyboard.press('End');
      await replayIsDeleted(page);
    },
  },
  'list.selectChildren': {
    prepare: async (page) => {
      await withReplay(page);
      await page.keyboard.press('Home');
    },
    see: replayIsDeleted,
  },
  'list.selectDuplicates': {
    prepare: async (page) => {
      await at('Home')(page);
      await page.keyboard.press('ArrowDown');
    },
    see: (page) => poll(() => page.locator('.request-row[aria-selected=true]').count()).toBe(2),
  },
  'list.delete': {
    prepare: at('Home'),
    see: async (page) => {
      await rows(PATHS.length - 1)(page);
      await page.getByRole('button', { name: 'Undo' }).click();
      await rows(PATHS.length)(page);
    },
  },
  'list.compare': {
    prepare: async (page) => {
      await at('Home')(page);
      await page.keyboard.press('Shift+ArrowDown');
    },
    see: async (page) => {
      await page.locator('.compare').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('#request-list').waitFor();
    },
  },
  'list.collect': { ...turns((page) => page.locator('.group-chip').count()), prepare: at('Home') },
  'list.compareGroup': {
    prepare: async (page) => {
      await at('End')(page);
      await page.keyboard.press('Shift+X');
      await page.locator('.group-chip', { hasText: '2' }).waitFor();
    },
    see: async (page) => {
      await page.locator('.compare').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('#request-list').waitFor();
    },
  },
  'details.open': { prepare: at('Home'), see: (page) => poll(() => focused(page, '#details')).toBe(true) },
  'details.toggle': turns((page) => page.locator('#details').count()),
  'details.dock': {
    ...turns((page) => page.locator('main.panes').getAttribute('data-dock')),
    prepare: async (page) => {
      await at('Home')(page);
      await page.keyboard.press('1');
    },
  },
  'details.timeline': tab('Timeline'),
  'details.request': tab('Request'),
  'details.response': tab('Response'),
  'details.cache': tab('Cache'),
  'details.conversation': tab('Conversation'),
  // This exchange has neither: what it has of that kind is its response.
  'details.messages': tab('Response'),
  'details.gateway': tab('Response'),
  'filter.focus': {
    prepare: onTraffic,
    see: async (page) => {
      await poll(() => focused(page, '#filter')).toBe(true);
      await page.locator('#request-list').focus();
    },
  },
  'go.back': {
    prepare: async (page) => {
      await page.keyboard.press('1');
      await page.locator('#details [role=tab]').first().focus();
    },
    see: (page) => poll(() => focused(page, '#request-list')).toBe(true),
  },
  'go.nextRegion': focusMoves,
  'go.previousRegion': focusMoves,
  'go.palette': { prepare: onTraffic, see: dialogAppears('.palette-option') },
  'help.keys': { prepare: onTraffic, see: dialogAppears('.keyboard-line') },
  'rules.nextPaused': {
    prepare: async (page) => {
      await withPaused(page);
      await page.keyboard.press('Home');
    },
    see: async (page) => {
      await page.locator('#held-form').waitFor();
      await page.keyboard.press('F8');
      await replayIsDeleted(page);
    },
  },
  'rules.continue': { prepare: withPaused, see: replayIsDeleted },
  'rules.continueAll': { prepare: withPaused, see: replayIsDeleted },
  'recording.sessions': { prepare: onTraffic, see: dialogAppears('.sessions-title') },
  'recording.openFile': fileChooserAppears(),
  'recording.toggle': turns((page) => page.locator('.record-button').getAttribute('data-paused')),
  'go.rules': { prepare: onTraffic, see: appears('.rules-page') },
  'go.cache': { prepare: onTraffic, see: appears('.cache-page') },
  'go.routing': { prepare: onTraffic, see: appears('.routing-page') },
  'go.settings': { prepare: onTraffic, see: appears('.settings-page') },
  'go.traffic': { prepare: (page) => page.keyboard.press('r'), see: appears('#request-list') },
  'recording.clear': {
    prepare: onTraffic,
    see: async (page) => {
      // One is pinned.
      await poll(() => page.locator('.request-row').count()).toBe(1);
      await page.getByRole('button', { name: 'Undo' }).click();
      await poll(() => page.locator('.request-row').count()).toBe(PATHS.length);
    },
  },
};

/** Sends the first request again, which selects the new row. */
async function withReplay(page: Page): Promise<void> {
  await at('Home')(page);
  await page.keyboard.press('Shift+R');
  await page.locator('.request-row[aria-selected=true]').getByLabel('sent again').waitFor();
}

/** Sends a request again, to where a rule pauses it; the new row is selected. */
async function withPaused(page: Page): Promise<void> {
  await at('Home')(page);
  await page.keyboard.press('e');
  const url = page.locator('dialog[open]').getByLabel('URL');
  await url.fill((await url.inputValue()).replace(/\/$/, '/paused'));
  await page.keyboard.press('Enter');
  await page.locator('.request-row[aria-selected=true][data-held]').waitFor();
}

/** The selected row is one that was sent again; it goes. */
async function replayIsDeleted(page: Page): Promise<void> {
  await page.locator('.request-row[aria-selected=true][data-running=false]').getByLabel('sent again').waitFor();
  await page.locator('#request-list').focus();
  await page.keyboard.press('Delete');
  await rows(PATHS.length)(page);
  // There is nothing to undo of it for what comes next.
  const notice = page.locator('.notice', { hasText: '1 request was deleted.' });
  await notice.getByRole('button', { name: 'Dismiss' }).click();
}
