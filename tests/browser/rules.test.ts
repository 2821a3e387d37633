import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { accessibilityProblems } from './accessibility.ts';
import { endedRows, importRules, openUi, send } from './ui-page.ts';
import type { ImportedRule } from './ui-page.ts';

const BASKET = JSON.stringify({ basket: [{ name: 'Möwe' }] }, undefined, 2);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0]);

interface Shop {
  readonly url: string;
  /** What it was asked, a line each: method, path, a field of its own, and the body. */
  readonly asked: string[];
}

/** An origin with an answer in a content coding, one in another character set, and one that is no text. */
async function startShop(): Promise<Shop> {
  const asked: string[] = [];
  const { url } = await startOrigin((request, response) => {
    void textOf(request).then((body) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''} ${String(request.headers['x-hop'] ?? '-')} ${body}`);
      const [path] = (request.url ?? '').split('?', 1);
      if (path === '/image.png') response.setHeader('Content-Type', 'image/png').end(PNG);
      else if (path === '/old') {
        response.setHeader('Content-Type', 'text/plain; charset=iso-8859-1').end(Buffer.from('M\xf6we', 'latin1'));
      } else {
        response.setHeader('Content-Type', 'application/json').setHeader('Content-Encoding', 'gzip');
        response.setHeader('X-Shop', 'open').end(gzipSync(BASKET));
      }
    });
  });
  return { url, asked };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}

/** Chooses an item of the selected row's menu of rules by keys alone. */
async function createRule(page: Page, name: string): Promise<void> {
  await page.locator('#request-list').focus();
  await page.keyboard.press('Shift+F10');
  for (const [item, key] of [
    ['Create a rule', 'ArrowRight'],
    [name, 'Enter'],
  ] as const) {
    await page.getByRole('menuitem', { name: item, exact: true }).focus();
    await page.keyboard.press(key);
  }
}

/** A rule that pauses what it fits, as it stands in a file. */
function pausing(when: string, at: 'request' | 'response' | 'both'): ImportedRule {
  return { name: `Pause the ${at}`, when, action: { type: 'pause', at } };
}

const focusIn = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector);

describe('a rule made of a row', () => {
  test('mocks what was recorded, without its codings; the row that it answers is marked and leads to it', async () => {
    const shop = await startShop();
    const { page, proxy, picture } = await openUi({ flags: ['--upstream', shop.url] });
    await send(proxy, '/basket?user=7');
    await endedRows(page, '/basket?user=7').click();
    await createRule(page, 'Mock this answer…');
    const form = page.getByRole('form', { name: 'A new rule' });
    expect(await form.getByLabel('For requests that fit').inputValue()).toBe(`method=GET url:${shop.url}/basket?*`);
    await form.getByText('Of the newest 1 requests it fits 1.').waitFor();
    expect(await form.getByLabel('Header fields').inputValue()).toBe('Content-Type: application/json\nX-Shop: open');
    expect(await form.getByLabel('Body').inputValue()).toBe(BASKET);
    await picture('rules-mock');
    await form.getByLabel('Body').fill('{"basket":[]}');
    await form.getByLabel('Status').fill('203');
    await form.getByRole('button', { name: 'Save rule' }).press('Enter');
    await page.locator('.rule-item', { hasText: 'Answers 203 with 13 B' }).waitFor();

    const answer = await fetch(`${proxy}/basket?user=8`);
    expect([answer.status, answer.headers.get('x-shop'), await answer.text()]).toEqual([203, 'open', '{"basket":[]}']);
    expect(shop.asked).toEqual(['GET /basket?user=7 - ']);
    await page.keyboard.press('t');
    const row = endedRows(page, '/basket?user=8');
    await row.getByLabel('touched by a rule').waitFor();
    await row.click();
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await picture('rules-touched');
    await page
      .locator('.section', { hasText: 'Rules that touched it' })
      .getByRole('button', { name: /basket/ })
      .click();
    await expect.poll(() => focusIn(page, '.rule-item [data-part=edit]')).toBe(true);

    // Switched off, it is as if it were not there.
    await page.getByRole('switch', { name: 'GET /basket is on' }).click();
    await page.getByRole('switch', { name: 'GET /basket is on', checked: false }).waitFor();
    expect(await (await fetch(`${proxy}/basket?user=9`)).text()).toBe(BASKET);
  });

  test('begins with the text in UTF-8, and offers a file where the body is no text', async () => {
    const shop = await startShop();
    const { page, proxy, picture } = await openUi({ flags: ['--upstream', shop.url] });
    for (const path of ['/old', '/image.png']) await send(proxy, path);
    await endedRows(page, '/old').click();
    await createRule(page, 'Mock this answer…');
    await expect.poll(() => page.getByLabel('Body').inputValue()).toBe('Möwe');
    expect(await page.getByLabel('Header fields').inputValue()).toBe('Content-Type: text/plain; charset=utf-8');
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');

    await endedRows(page, '/image.png').click();
    await createRule(page, 'Mock this answer…');
    await page.getByText('The recorded body (11 B) is not text.').waitFor();
    await picture('rules-no-text');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the body' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('image.png');
    const path = await file.path();
    expect(await readFile(path)).toEqual(PNG);
    await page.getByRole('button', { name: 'Answer from a file' }).click();
    await page.getByLabel('Path').fill(path);
    await page.keyboard.press('Enter');
    await page.locator('.rule-item', { hasText: `Answers from ${path}` }).waitFor();
    const answer = await fetch(`${proxy}/image.png`);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG);
    expect(shop.asked.length).toBe(2);
  });

  test('blocks at once, and is taken back', async () => {
    const shop = await startShop();
    const { page, proxy } = await openUi({ flags: ['--upstream', shop.url] });
    await send(proxy, '/basket');
    await endedRows(page, '/basket').click();
    await createRule(page, 'Block');
    await page.getByText('The rule “GET /basket” was added and is on.').waitFor();
    expect((await send(proxy, '/basket')).status).toBe(403);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByRole('button', { name: 'Delete GET /basket' }).press('Enter');
    await page.getByText('There are no rules yet').waitFor();
    expect((await send(proxy, '/basket')).status).toBe(200);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.rule-item', { hasText: 'Refuses it with 403' }).waitFor();
    expect((await send(proxy, '/basket')).status).toBe(403);
  });
});

test('rules are written, moved, copied, exported and imported by keys alone, and say where they are wrong', async () => {
  const { page, picture } = await openUi();
  await page.keyboard.press('m');
  await page.getByText('There are no rules yet').waitFor();
  await picture('rules-empty');
  expect(await accessibilityProblems(page, 'main')).toEqual([]);
  const add = page.getByRole('button', { name: 'Add a rule' });
  await add.press('Enter');
  await page.keyboard.type('Slow images');
  await page.keyboard.press('Tab');
  await page.keyboard.type('path:/img/* status:200');
  await page.getByText('status is not known yet when a request arrives').waitFor();
  expect(await page.locator('.rule-when-problem mark').innerText()).toBe('status:200');
  await page.keyboard.press('Enter');
  await picture('rules-mistake');
  expect(await accessibilityProblems(page, 'main')).toEqual([]);
  await expect.poll(() => focusIn(page, '.rule-when')).toBe(true);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('path:/img/*');
  await page.keyboard.press('Tab');
  await page.getByLabel('What it does').selectOption('delay');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('2500');
  await page.keyboard.press('Enter');
  await page.locator('.rule-item', { hasText: 'Waits 2.50 s' }).waitFor();
  await expect.poll(() => focusIn(page, 'main')).toBe(true);

  const named = (): Promise<string[]> => page.locator('.rule-item strong').allInnerTexts();
  await page.getByRole('button', { name: 'Duplicate Slow images' }).press('Enter');
  await expect.poll(named).toEqual(['Slow images', 'Slow images 2']);
  await page.getByRole('switch', { name: 'Slow images 2 is on', checked: false }).waitFor();
  await page.getByRole('button', { name: 'Move Slow images 2 up' }).press('Enter');
  await expect.poll(named).toEqual(['Slow images 2', 'Slow images']);
  // The keyboard goes with the rule.
  await expect.poll(() => focusIn(page, '[aria-label="Edit Slow images 2"]')).toBe(true);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).press('Enter');
  const path = await (await download).path();
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject([
    { name: 'Slow images 2', on: false },
    { name: 'Slow images', on: true, when: 'path:/img/*', action: { type: 'delay', ms: 2500 } },
  ]);
  const picker = page.locator('.json-picker');
  const wrong = Buffer.from('[{ "name": "One", "action": { "type": "delay", "ms": 0 } }]');
  await picker.setInputFiles({ name: 'odd.json', mimeType: 'application/json', buffer: wrong });
  await page.getByText(/“odd.json” was not imported.*rules\.0\.action\.ms: a delay is a whole number/).waitFor();
  await picker.setInputFiles(path);
  await page.getByText(/^2 rules of “.*” were added\.$/).waitFor();
  await expect.poll(named).toEqual(['Slow images 2', 'Slow images', 'Slow images 3', 'Slow images 4']);
  await picture('rules-list');
  expect(await accessibilityProblems(page, 'main')).toEqual([]);
  await page.getByRole('button', { name: 'Undo' }).last().press('Enter');
  await expect.poll(named).toEqual(['Slow images 2', 'Slow images']);
  await page.getByRole('button', { name: 'Delete Slow images', exact: true }).press('Enter');
  await expect.poll(() => focusIn(page, '[aria-label="Delete Slow images 2"]')).toBe(true);
  await page.keyboard.press('Enter');
  await expect.poll(() => add.evaluate((button) => button === document.activeElement)).toBe(true);
});

describe('what a rule has paused', () => {
  test('is edited and continued by keys alone, the request and then its answer', async () => {
    const shop = await startShop();
    const { page, proxy, picture } = await openUi({ flags: ['--upstream', shop.url] });
    await send(proxy, '/basket');
    await importRules(page, [pausing('method:PUT path:/basket', 'both')]);
    const answer = fetch(`${proxy}/basket`, { method: 'PUT', headers: { 'X-Hop': '1' }, body: '{"n":1}' });
    await page.getByText('1 request is paused by a rule and waits for you.').waitFor();
    await page.keyboard.press('F9');
    const form = page.getByRole('form', { name: 'Paused before it is sent on' });
    await form.waitFor();
    await expect.poll(() => focusIn(page, '#details [role=tab][aria-selected=true]')).toBe(true);
    expect(await form.getByLabel('Method').inputValue()).toBe('PUT');
    expect(await form.getByLabel('Header fields').inputValue()).toMatch(/^x-hop: 1$/im);
    expect(await form.getByLabel('Text, sent as UTF-8').inputValue()).toBe('{"n":1}');
    expect(await accessibilityProblems(page, 'body')).toEqual([]);

    // With Tab from one field to the next; what is wrong is told where it is.
    for (let presses = 0; presses < 2; presses++) await page.keyboard.press('Tab');
    for (const [key, text] of [
      ['Tab', undefined],
      ['Tab', 'not a URL'],
      ['Tab', 'X-Hop: 2'],
      ['Tab', undefined],
      ['Tab', '{"n":2}'],
    ] as const) {
      if (text !== undefined) {
        await page.keyboard.press('Control+a');
        await page.keyboard.type(text);
      }
      await page.keyboard.press(key);
    }
    await page.keyboard.press('F8');
    await form.getByText('This is no http or https URL.').waitFor();
    await expect.poll(() => form.getByLabel('URL').evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(`${shop.url}/elsewhere`);

    // A look at another request, and at another tab of this one, loses nothing of it.
    await endedRows(page, '/basket').first().click();
    await form.waitFor({ state: 'detached' });
    await page.keyboard.press('F9');
    await page.keyboard.press('2');
    await page.getByRole('tab', { name: 'Request', selected: true }).waitFor();
    await page.getByRole('tab', { name: 'Paused' }).click();
    expect(await form.getByLabel('URL').inputValue()).toBe(`${shop.url}/elsewhere`);
    await picture('held-request');
    await page.keyboard.press('F8');

    const reply = page.getByRole('form', { name: 'Paused before the client gets the answer' });
    await reply.waitFor();
    expect(shop.asked.at(-1)).toBe('PUT /elsewhere 2 {"n":2}');
    expect(await reply.getByLabel('Text, sent as UTF-8').inputValue()).toBe(BASKET);
    await reply.getByLabel('Status').fill('20');
    await page.keyboard.press('F8');
    await reply.getByText('A status is a number from 200 to 599.').waitFor();
    await reply.getByLabel('Status').fill('201');
    await reply.getByLabel('Text, sent as UTF-8').fill('{"seen":true}');
    await page.keyboard.press('F8');
    const { status, headers } = await answer;
    expect([status, headers.get('x-shop'), await (await answer).text()]).toEqual([201, 'open', '{"seen":true}']);
    await page.getByText('paused by a rule').waitFor({ state: 'detached' });
    await expect.poll(() => focusIn(page, '#request-list')).toBe(true);
    await page.keyboard.press('1');
    await page.getByText('Held by rules').waitFor();
    await picture('held-timeline');
  });

  test('is answered instead, aborted, or resumed with all others', async () => {
    const shop = await startShop();
    const { page, proxy, picture } = await openUi({ scheme: 'dark', flags: ['--upstream', shop.url] });
    await importRules(page, [pausing('path:/basket', 'request')]);
    const asked = ['one', 'two', 'three', 'four'].map((name) =>
      fetch(`${proxy}/basket/${name}`).then(
        async (response) => `${response.status} ${await response.text()}`,
        () => 'no answer',
      ),
    );
    await page.getByText('4 requests are paused by rules and wait for you.').waitFor();
    await page.getByRole('button', { name: 'Next' }).press('Enter');
    await picture('held-dark');
    expect(await accessibilityProblems(page, 'body')).toEqual([]);
    await page.getByRole('button', { name: 'Answer…' }).press('Enter');
    const answer = page.getByRole('form', { name: 'Answer it instead' });
    await expect
      .poll(() => answer.getByLabel('Status').evaluate((field) => field === document.activeElement))
      .toBe(true);
    await answer.getByLabel('Status').fill('503');
    await answer.getByLabel('Text, sent as UTF-8').fill('later');
    await picture('held-answer-dark');
    await answer.getByRole('button', { name: 'Send this answer' }).press('Enter');
    await page.getByText('3 requests are paused').waitFor();

    await page.getByRole('button', { name: 'Next' }).press('Enter');
    await page.getByRole('form', { name: 'Paused before it is sent on' }).waitFor();
    await page.getByRole('button', { name: 'Abort' }).press('Enter');
    await page.getByText('2 requests are paused').waitFor();
    await page.setViewportSize({ width: 1024, height: 760 });
    await picture('held-1024-dark');
    await page.keyboard.press('Shift+F8');
    await page.getByText('2 paused requests go on.').waitFor();
    expect((await Promise.all(asked)).toSorted()).toEqual([
      ...[`200 ${BASKET}`, `200 ${BASKET}`],
      ...['503 later', 'no answer'],
    ]);
    expect(shop.asked.length).toBe(2);
  });
});

test('rules speak Chinese', async () => {
  const shop = await startShop();
  const { page, proxy, picture, dataDir } = await openUi({ scheme: 'dark', flags: ['--upstream', shop.url] });
  await page.getByRole('button', { name: 'Theme, layout and more' }).click();
  await page.getByRole('menuitemradio', { name: '简体中文' }).click();
  await page.getByRole('button', { name: '规则' }).click();
  await page.getByText('还没有规则').waitFor();
  await page.getByRole('button', { name: '添加规则' }).click();
  await page.getByLabel('执行的操作').selectOption('file');
  await page.getByLabel('路径').fill('relative');
  await page.getByRole('button', { name: '保存规则' }).click();
  await page.getByText('规则需要名称').waitFor();
  await page.getByText('规则须以文件或文件夹的绝对路径应答').waitFor();
  await page.getByLabel('名称').fill('文件');
  await page.getByLabel('适用于符合条件的请求').fill('status:404');
  await page.getByText('请求到达时还不知道 status').waitFor();
  await picture('rules-chinese');
  await page.getByLabel('适用于符合条件的请求').fill('path:/none');
  await page.getByLabel('路径').fill(join(dataDir, 'none'));
  await page.keyboard.press('Enter');
  await page.locator('.rule-item', { hasText: '应答' }).waitFor();
  await importRules(page, [pausing('path:/basket', 'request')]);
  const answer = send(proxy, '/basket');
  await page.getByText('1 个请求已被规则暂停').waitFor();
  await page.keyboard.press('F9');
  await page.getByRole('button', { name: '继续', exact: true }).waitFor();
  await picture('held-chinese');
  await page.keyboard.press('F8');
  expect((await answer).status).toBe(200);
});
