import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { apps } from '../gateway/gateway-setup.ts';
import { startOrigin } from '../support/origin.ts';
import { endedRows, openUi, send } from './ui-page.ts';

test('an exchange is told as a conversation, by keyboard, and saved', async () => {
  const origin = await startOrigin((request, response) => {
    const checked = request.url === '/checked';
    if (checked && request.headers['if-none-match'] === '"v1"') {
      response.writeHead(304, { ETag: '"v1"', 'Cache-Control': 'no-cache' }).end();
      return;
    }
    response.writeHead(200, { ETag: '"v1"', 'Cache-Control': checked ? 'no-cache' : 'max-age=600' }).end('hops');
  });
  const { page, proxy, picture } = await openUi({
    flags: [
      ...['--upstream', origin.url, '--cache', 'shared', '--chdir', apps, '--python', 'python3'],
      ...['--wsgi', 'rules:application', '--mount', '/shop', '--wsgi', 'missing:application', '--mount', '/broken'],
    ],
  });
  for (const path of ['/fresh', '/fresh', '/checked', '/checked', '/shop/hello', '/shop/raises', '/broken/'])
    await send(proxy, path);

  const words = page.locator('.talk-message .talk-words');
  /** Opens an exchange and reads what is said in it. */
  const read = async (path: string, nth: number, expected: readonly string[]): Promise<void> => {
    await endedRows(page, path).nth(nth).click();
    await page.getByRole('tab', { name: 'Conversation' }).click();
    for (const text of expected) await words.filter({ hasText: text }).first().waitFor();
  };
  await read('/fresh', 0, ['GET /fresh, please.', 'I have nothing for this address.', "Here is the origin's answer."]);
  await read('/fresh', 1, ['I have it, ']);
  // Hopscope's own handlers are the server itself.
  expect(await page.locator('.talk-name').allInnerTexts()).toEqual(['Client', 'Server', 'Cache']);
  await picture('conversation-hit');
  await read('/checked', 1, ['Is "v1" still right?', 'Yes (304).', 'Here is mine: it is still right.']);
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture('conversation-revalidated-dark');
  await read('/broken/', 0, ['missing:application could not be loaded.', "Here is Hopscope's own page."]);
  await picture('conversation-broken-dark');
  await read('/shop/raises', 0, ['It raised', 'a page of mine tells why.']);
  await read('/shop/hello', 0, [
    'I call you: here is the environ.',
    'start_response: 200 OK.',
    'Here is a piece: 5 B.',
  ]);
  await picture('conversation-wsgi-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await picture('conversation-wsgi');

  const messages = page.locator('.talk-message');
  const focused = (): Promise<number> =>
    messages.evaluateAll((all) => all.findIndex((one) => one === document.activeElement));
  await messages.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(focused).toBe(1);
  await page.keyboard.press('End');
  await expect.poll(focused).toBe((await messages.count()) - 1);
  await page.keyboard.press('Home');
  await expect.poll(focused).toBe(0);
  await page.keyboard.press('Enter');
  await page.locator('.talk-facts', { hasText: 'Client to Server' }).waitFor();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as SVG' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^conversation-\d+\.svg$/);
  const svg = await readFile(await download.path(), 'utf8');
  // On a page without the policy of Hopscope's own, which would refuse the document its style.
  const blank = await page.context().newPage();
  const parsed = await blank.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, 'image/svg+xml');
    const broken = document.querySelector('parsererror') !== null;
    return { root: document.documentElement.tagName, broken, text: document.documentElement.textContent };
  }, svg);
  expect([parsed.root, parsed.broken]).toEqual(['svg', false]);
  expect(parsed.text).toContain('I call you: here is the environ.');
  await page.bringToFront();
  await page.getByRole('button', { name: 'Copy as Mermaid' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^sequenceDiagram\n/);
});
