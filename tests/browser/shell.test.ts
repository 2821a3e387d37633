import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { COMMAND_IDS, commandFacts } from '../../shared/commands.ts';
import type { CommandId } from '../../shared/commands.ts';
import { SETTINGS } from '../../shared/settings-list.ts';
import { accessibilityProblems } from './accessibility.ts';
import { focused, onTraffic, PATHS, poll, PROOFS } from './key-proofs.ts';
import type { Proof } from './key-proofs.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { endedRows, openUi, send } from './ui-page.ts';

const PAUSE = { type: 'pause', at: 'request' };

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
  await page.keyboard.press('/');
  await poll(() => focused(page, '#settings-search')).toBe(true);
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

  const picker = page.locator('.json-picker');
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
