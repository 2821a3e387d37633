import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { accessibilityProblems } from './accessibility.ts';
import { endedRows, openUi } from './ui-page.ts';

const SCRIPT = '<script>document.title="owned"</script>';
const BOMB_BYTES = 300 * 2 ** 20;

/** Fields and body of an answer, by its path. */
const ANSWERS: Readonly<Record<string, readonly [fields: string, body: string | Buffer]>> = {
  '/huge': [`X-Huge: ${'v'.repeat(2 ** 20)}\r\n`, 'huge'],
  '/many': [Array.from({ length: 10_000 }, (_, i) => `X-Field-${i}: value ${i}\r\n`).join(''), 'many'],
  '/endless': [`X-Endless: ${'v'.repeat(3 * 2 ** 20)}\r\n`, 'endless'],
  '/broken': ['Content-Type: text/plain; charset=utf-8\r\n', Buffer.from('ok \xff\xfe end', 'latin1')],
  '/unknown': ['Content-Type: text/plain; charset=klingon-8\r\n', 'Grüße'],
  '/wrong': ['Content-Type: text/plain; charset=us-ascii\r\n', 'Grüße'],
  '/bomb': [
    'Content-Type: text/plain\r\nContent-Encoding: gzip\r\n',
    gzipSync(Buffer.alloc(BOMB_BYTES, `${'boom '.repeat(200)}\n`)),
  ],
  '/picture': ['Content-Type: image/png\r\n', Buffer.from('\x89PNG\r\n\x1a\nand no more of it', 'latin1')],
  '/script': [
    ['Content-Type', 'Set-Cookie', 'ETag', 'Vary', 'Location', 'Link', 'Server', 'Cache-Control']
      .map((name) => `${name}: ${SCRIPT}\r\n`)
      .join(''),
    SCRIPT,
  ],
};

function answer(socket: Socket): void {
  socket.on('data', (data: Buffer) => {
    const path = data.toString('latin1').split(' ')[1] ?? '';
    const [fields, body] = ANSWERS[path] ?? ['', 'none'];
    const reason = path === '/script' ? SCRIPT : 'OK';
    socket.write(`HTTP/1.1 200 ${reason}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${fields}\r\n`, 'latin1');
    socket.write(body);
  });
}

test(
  'traffic that is too large, broken or hostile has a row that says what it is, and is shown as far as it goes',
  { timeout: 240_000 },
  async () => {
    const origin = await startRawOrigin(answer);
    const { page, proxy, picture } = await openUi({ flags: ['--upstream', origin.url, '--cache', 'shared'] });
    const send = async (target: string, fields = ''): Promise<void> => {
      const client = await rawClient(Number(new URL(proxy).port));
      client.send(Buffer.from(`GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}Connection: close\r\n\r\n`, 'latin1'));
      await client.ended();
    };
    const show = async (path: string, key = '3'): Promise<void> => {
      await send(path);
      await endedRows(page, path).click();
      await page.keyboard.press(key);
      await page.locator('.details-url', { hasText: path }).waitFor();
    };

    await show('/huge');
    await page.getByRole('button', { name: 'Show all 1,048,576 characters' }).click();
    await expect
      .poll(() => page.locator('.field-line', { hasText: 'X-Huge' }).locator('.raw').last().innerText())
      .toHaveLength(2 ** 20);
    await show('/many');
    await page.getByText('10,001 · ', { exact: false }).waitFor();
    expect(await page.locator('.field-line').count()).toBeLessThan(150);
    expect(await accessibilityProblems(page, '.details')).toEqual([]);
    await show('/endless', '1');
    await page.locator('.callout', { hasText: 'Its head is longer than 2097152 bytes.' }).waitFor();

    await show('/broken');
    await page.getByText('Some bytes are not valid utf-8').waitFor();
    await show('/unknown');
    await page.getByText('The charset “klingon-8” is not known').waitFor();
    await show('/wrong');
    await page.getByText('The charset given is us-ascii, but these bytes are valid UTF-8.').waitFor();
    await show('/bomb');
    await page.locator('.virtual-rows .code-line', { hasText: 'boom' }).first().waitFor();
    await page.getByText('Decoding stopped at 268 MB').waitFor({ timeout: 60_000 });
    await picture('hostile-bomb');
    await show('/picture');
    await page.getByText('These bytes are not a valid image/png image. The hex view shows them.').waitFor();
    await show('/script');
    for (const key of ['1', '2', '3', '4', '5']) await page.keyboard.press(key);
    await page.keyboard.press('3');
    await page.locator('.field-line', { hasText: 'Set-Cookie' }).getByText(SCRIPT).waitFor();

    await requestsOfAllKinds(page, send);
    await picture('hostile-list');

    // Patterns and texts that a backtracking search never gets to the end of.
    await page.keyboard.press('/');
    await page.keyboard.type('/(v+)+$/ OR header[x-huge]:/(v*v*)*w/ OR path:/script');
    await expect.poll(() => page.locator('.request-row [data-column=path]').allInnerTexts()).toHaveLength(2);
    expect(await page.title()).toBe('Hopscope');
    expect(await page.locator('.window script').count()).toBe(0);
  },
);

/** What clients send that is no URL, or hides what it is. */
async function requestsOfAllKinds(page: Page, send: (target: string, fields?: string) => Promise<void>): Promise<void> {
  await send(`/path-${SCRIPT}?q=${SCRIPT}`, `User-Agent: ${SCRIPT}\r\nCookie: ${SCRIPT}=${SCRIPT}\r\n`);
  await page.locator('.request-row', { hasText: 'path-' }).click();
  await page.keyboard.press('2');
  await page.locator('.field-line', { hasText: 'User-Agent' }).getByText(SCRIPT).waitFor();

  // U+202E, which turns what follows around, as it is and in percent signs; control characters.
  await send('/turned-%E2%80%AEgnp.exe');
  await page.locator('.request-row', { hasText: '/turned-%E2%80%AEgnp.exe' }).waitFor();
  await send('/raw-\xe2\x80\xae\x01\x7f');
  const refused = page.locator('.request-row', { hasText: '/raw-' });
  await refused.getByText('400').waitFor();
  expect(await refused.innerText()).not.toMatch(/[\u202e\u0001\u007f]/);
  await refused.click();
  await page.keyboard.press('2');
  await page.getByText('Its header fields were not read, since the request is malformed.').waitFor();

  await send('/large-head', `X-Large: ${'v'.repeat(2 ** 17)}\r\n`);
  await page.locator('.request-row', { hasText: '/large-head' }).getByText('431').click();
  await page.keyboard.press('1');
  await page.locator('.callout', { hasText: 'The request head is larger than the limit.' }).waitFor();
}
