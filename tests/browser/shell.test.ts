import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { COMMAND_IDS, commandFacts } from '../../shared/commands.ts';
import type { CommandId } from '../../shared/commands.ts';
import { SETTINGS } from '../../shared/settings-list.ts';
import { accessibilityProblems } from './accessibility.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { endedRows, openUi, send } from './ui-page.ts';

/** A busy machine may take its time. */
const poll = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 20_000 });

const PAUSE = { type: 'pause', at: 'request' };
const PATHS = ['/', '/style.css', '/style.css', '/missing', '/api/hops', '/almanac', '/etag', '/error'];

test('the window is used by keyboard alone, explains its keys, and keeps what was chosen', async () => {
  const directory = await temporaryDirectory();
  const rules = join(directory, 'rules.json');
  await writeFile(rules, JSON.stringify([{ name: 'Pause', when: 'path:/paused', action: PAUSE }]));
  const { page, proxy, picture } = await openUi({ flags: ['--rules', rules] });
  for (const path of PATHS) await send(proxy, path);
  await endedRows(page, '/error').waitFor();

  await everyKeyDoesSomething(page);
  await paletteFindsAndRuns(page);
  await sheetIsComplete(page);
  await settingsAreThere(page, picture);
  await noLookHasAccessibilityProblems(page);
  await whatWasChosenIsThereAfterAReload(page);
});

const focused = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector);

/** What a press of a command's keys is seen by; `before` is read first, where the key turns something over. */
interface Proof {
  readonly prepare?: (page: Page) => Promise<unknown>;
  readonly before?: (page: Page) => Promise<unknown>;
  readonly see: (page: Page, before: unknown) => Promise<unknown>;
}

const onTraffic = async (page: Page): Promise<void> => {
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
      await onTraffic(page);
      chooser = page.waitForEvent('filechooser');
    },
    see: async () => {
      await chooser;
    },
  };
};
const focusMoves: Proof = turns((page) => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200)));
const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

const PROOFS: Readonly<Partial<Record<CommandId, Proof>>> = {
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
  'list.pin': { ...turns((page) => page.evaluate(() => localStorage.getItem('hopscope.notes'))), prepare: at('Home') },
  'list.strike': {
    ...turns((page) => page.evaluate(() => localStorage.getItem('hopscope.notes'))),
    prepare: at('Home'),
  },
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

/** Each combination of each command, one after the other. */
async function everyKeyDoesSomething(page: Page): Promise<void> {
  const withKeys = COMMAND_IDS.filter((id) => commandFacts(id).keys.length > 0);
  expect(Object.keys(PROOFS).toSorted()).toEqual(withKeys.toSorted());
  for (const [id, { prepare, before, see }] of Object.entries(PROOFS) as [CommandId, Proof][]) {
    for (const keys of commandFacts(id).keys) {
      await prepare?.(page);
      const was = await before?.(page);
      const pressed = keys
        .replace('Mod', 'Control')
        .replace(/Shift\+[a-z]$/, (letter) => `Shift+${letter.slice(-1).toUpperCase()}`);
      await page.keyboard.press(pressed);
      await see(page, was).catch((error: unknown) => {
        throw new Error(`${id} by ${keys}: ${String(error)}`);
      });
    }
  }
}

async function paletteFindsAndRuns(page: Page): Promise<void> {
  const field = page.getByRole('combobox', { name: /^Find a command/ });
  const chosen = page.locator('.palette-option[aria-selected=true]');
  await page.keyboard.press('Control+k');
  // At once, as fast hands do: none of it is for the list.
  await page.keyboard.type('mode off');
  expect(await field.inputValue()).toBe('mode off');
  await poll(() => chosen.innerText()).toContain('Cache mode: off');
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: 'Off', exact: true, checked: true }).waitFor();

  await page.keyboard.press('Control+k');
  await poll(() => field.evaluate((input) => input.getAttribute('aria-activedescendant'))).toBe('palette-option-0');
  await field.fill('etag');
  await page.getByRole('option', { name: /GET .*\/etag/ }).click();
  await page.locator('.details-url', { hasText: '/etag' }).waitFor();

  // What was chosen last comes first, as long as it can be chosen.
  await page.getByRole('radio', { name: 'Shared', exact: true }).click();
  await page.getByRole('radio', { name: 'Shared', exact: true, checked: true }).waitFor();
  await page.keyboard.press('Control+k');
  await poll(() => chosen.innerText()).toContain('Cache mode: off');
  await field.fill('longest heuristic');
  await page.keyboard.press('Enter');
  await page.locator('[data-setting="cache.heuristicCap"] input:focus').waitFor();
}

async function sheetIsComplete(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await onTraffic(page);
  await page.keyboard.press('?');
  const titles = await page.locator('.keyboard-line dt').allInnerTexts();
  for (const id of COMMAND_IDS) if (commandFacts(id).keys.length > 0) expect(titles).toContain(commandFacts(id).title);
  expect(await accessibilityProblems(page, 'dialog[open]')).toEqual([]);
  await page.keyboard.type('pin');
  await poll(() => page.locator('.keyboard-line').count()).toBeLessThan(titles.length);
  await page.locator('.keyboard-line', { hasText: 'Pin or unpin' }).waitFor();
  // The first one clears the search.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.locator('.keyboard-line').first().waitFor({ state: 'detached' });
  await poll(() => focused(page, '#request-list')).toBe(true);
}

async function settingsAreThere(page: Page, picture: (name: string) => Promise<void>): Promise<void> {
  await page.keyboard.press('Control+,');
  await page.locator('.setting').first().waitFor();
  const flags = await page.locator('.setting-flag').allInnerTexts();
  expect(flags.toSorted()).toEqual(SETTINGS.map(({ flag }) => flag).toSorted());

  await page.getByRole('searchbox', { name: 'Search the settings' }).fill('--body-cap');
  const setting = page.locator('[data-setting="record.bodyCap"]');
  await poll(() => page.locator('.setting').count()).toBe(1);
  await setting.getByRole('textbox').fill('lots');
  await setting.getByRole('alert').getByText('as in 512M').waitFor();
  await setting.getByRole('textbox').fill('2M');
  await page.keyboard.press('Enter');
  await setting.getByText('changed', { exact: true }).waitFor();
  await picture('setting-changed');
  await setting.getByRole('button', { name: /back to 1M$/ }).click();
  await setting.getByText('changed', { exact: true }).waitFor({ state: 'detached' });
  expect(await setting.getByRole('textbox').inputValue()).toBe('1M');
  await page.getByRole('searchbox', { name: 'Search the settings' }).fill('');

  const picker = page.locator('.settings-picker');
  const file = (name: string, text: string) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  await picker.setInputFiles(file('broken.json', '{ "cache": '));
  await page.getByText('“broken.json” was not imported, and nothing has changed. It is no JSON.').waitFor();
  await picker.setInputFiles(file('odd.json', '{ "record": { "bodyCap": -1 }, "cache": { "mode": "off" } }'));
  await page.getByText(/“odd.json” was not imported.*record\.bodyCap/).waitFor();
  await picker.setInputFiles(file('mine.json', '{ "record": { "bodyCap": 4096 } }'));
  await page.getByText('The settings of “mine.json” are in force.').waitFor();
  expect(await setting.getByRole('textbox').inputValue()).toBe('4K');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const exported = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as object;
  expect(exported).toMatchObject({ record: { bodyCap: 4096 } });
}

async function noLookHasAccessibilityProblems(page: Page): Promise<void> {
  const looks = [
    { theme: 'light', contrast: 'system' },
    { theme: 'dark', contrast: 'system' },
    { theme: 'light', contrast: 'more' },
    { theme: 'dark', contrast: 'more' },
  ];
  const pages = { 'Control+,': '.setting', m: '.rules-page', r: '.routing-page', c: '.cache-page', t: '.request-row' };
  for (const [keys, shown] of Object.entries(pages)) {
    await page.locator('h1').click();
    await page.keyboard.press(keys);
    await page.locator(shown).first().waitFor();
    for (const look of looks) {
      await page.evaluate((wanted) => Object.assign(document.documentElement.dataset, wanted), {
        ...look,
        // No colour is looked at on its way to another.
        motion: 'less',
      });
      // But for its colours a page is the same in every look.
      const rules = look === looks[0] ? undefined : ['color-contrast'];
      expect([keys, look, await accessibilityProblems(page, '.window', rules)]).toEqual([keys, look, []]);
    }
  }
}

async function whatWasChosenIsThereAfterAReload(page: Page): Promise<void> {
  await page.keyboard.press('Control+,');
  await page.getByRole('radio', { name: 'Compact' }).click();
  await page.keyboard.press('t');
  await page.locator('#filter').fill('etag');
  await endedRows(page, '/etag').click();
  await page.reload();
  await page.locator('.request-row[data-current=true]', { hasText: '/etag' }).waitFor();
  expect(await page.locator('#filter').inputValue()).toBe('etag');
  expect(await page.locator('html').getAttribute('data-density')).toBe('compact');
  expect(
    await page
      .locator('.request-row')
      .first()
      .evaluate((one) => one.getBoundingClientRect().height),
  ).toBe(21);

  // What is stored may be of another version, or broken: it never keeps the page from its work.
  await page.evaluate(() => localStorage.setItem('hopscope.ui', '{ "theme": 7, "page": "nowhere", "filter": {}'));
  await page.reload();
  await page.locator('.request-row').first().waitFor();
  expect(await page.locator('#filter').inputValue()).toBe('');
}
