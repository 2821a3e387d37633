import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { accessibilityProblems } from './accessibility.ts';
import { endedRows, importRules, openUi, send } from './ui-page.ts';

const RULES = [
  { name: 'Slow', when: 'path:/slow', action: { type: 'delay', ms: 1 } },
  { name: 'Local', when: 'host:a.test', on: false, action: { type: 'redirect', to: 'http://localhost:3000' } },
  { name: 'Stop', when: 'path:/stop', action: { type: 'pause', at: 'both' } },
];

/** Looks with few colours, or with strong ones. */
const LOOKS: readonly [name: string, wear: (page: Page) => Promise<void>][] = [
  ['forced', (page) => page.emulateMedia({ forcedColors: 'active' })],
  ['contrast', (page) => page.emulateMedia({ forcedColors: 'none', contrast: 'more' })],
  ['contrast-dark', (page) => page.emulateMedia({ contrast: 'more', colorScheme: 'dark' })],
];

/** The ground of an element, as it is drawn. */
function groundOf(element: Locator): Promise<string> {
  return element.first().evaluate((found) => getComputedStyle(found).backgroundColor);
}

/** Has axe look at a part of the page in every look. */
async function inEveryLook(
  page: Page,
  part: string,
  name: string,
  picture: (name: string) => Promise<void>,
): Promise<void> {
  for (const [look, wear] of LOOKS) {
    await wear(page);
    await picture(`${look}-${name}`);
    expect(await accessibilityProblems(page, part), `${name}, ${look}`).toEqual([]);
  }
  await page.emulateMedia({ forcedColors: 'none', contrast: 'no-preference', colorScheme: 'light' });
}

test('rules, paused requests, marks, comparisons and stored parts are told apart with strong colours, and with few', async () => {
  const origin = await startOrigin((request, response) => {
    response.setHeader('Cache-Control', 'max-age=600').setHeader('ETag', '"1"');
    if (request.headers.range === undefined) return response.end('0123456789');
    return response.writeHead(206, { 'Content-Range': 'bytes 0-3/10' }).end('0123');
  });
  const { page, proxy, picture } = await openUi({ flags: ['--upstream', origin.url], width: 1280, height: 800 });
  await importRules(page, RULES);
  await page.getByRole('button', { name: 'Dismiss' }).first().click();
  await send(proxy, '/slow');
  await send(proxy, '/part', { headers: { Range: 'bytes=0-3' } });
  await send(proxy, '/head', { method: 'HEAD' });
  const paused = fetch(`${proxy}/stop`, { method: 'POST', body: '{}' });
  await page.getByText('1 request is paused by a rule and waits for you.').waitFor();
  await endedRows(page, '/part').click();
  for (const key of ['-', 'p', 'Home', 'Shift+X', 'j', 'Shift+X', 'j', 'Shift+X']) await page.keyboard.press(key);
  await endedRows(page, '/head').getByLabel('in the compare group').waitFor();
  await inEveryLook(page, 'body', 'marks', picture);

  await page.keyboard.press('g');
  await page.getByRole('combobox', { name: 'First' }).waitFor();
  await inEveryLook(page, '.compare', 'group', picture);
  await page.keyboard.press('Escape');

  await page.locator('#request-list').focus();
  await page.keyboard.press('e');
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor();
  await inEveryLook(page, 'dialog[open]', 'resend', picture);
  await page.keyboard.press('Escape');

  await page.keyboard.press('F9');
  await page.getByRole('button', { name: 'Answer…' }).click();
  await page.getByLabel('Status').fill('20');
  await page.keyboard.press('F8');
  await page.getByText('A status is a number from 200 to 599.').waitFor();
  await inEveryLook(page, '#details', 'answer', picture);
  await page.getByRole('button', { name: 'Back to the request' }).click();
  await page.keyboard.press('Shift+F8');
  await page.getByRole('form', { name: 'Paused before the client gets the answer' }).waitFor();
  await page.keyboard.press('F8');
  await (await paused).arrayBuffer();

  await page.locator('h1').click();
  await page.keyboard.press('c');
  await page.getByText('only a part').waitFor();
  await page.getByText('only the head').waitFor();
  await inEveryLook(page, 'main', 'parts', picture);

  await page.keyboard.press('m');
  await page.locator('.rule-item').first().waitFor();
  await inEveryLook(page, '.rules-page', 'rules', picture);
  for (const [, wear] of LOOKS) {
    await wear(page);
    for (const state of ['checked', 'unchecked']) {
      const one = page.locator(`.switch[data-state=${state}]`);
      // Colours take a moment from one look to the next.
      const differs = async (): Promise<boolean> =>
        (await groundOf(one.locator('.switch-thumb'))) !== (await groundOf(one));
      await expect.poll(differs).toBe(true);
    }
  }
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByLabel('For requests that fit').fill('status:404');
  await page.keyboard.press('Tab');
  await page.getByText('status is not known yet').waitFor();
  await inEveryLook(page, '.rules-page', 'rule-form', picture);
  await page.emulateMedia({ forcedColors: 'active' });
  const borderOf = (field: Locator): Promise<string> => field.evaluate((found) => getComputedStyle(found).borderStyle);
  expect(await borderOf(page.getByLabel('For requests that fit'))).not.toBe(
    await borderOf(page.getByLabel('Name', { exact: true })),
  );
});
