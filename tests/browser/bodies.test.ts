import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { accessibilityProblems } from './accessibility.ts';
import { endedRows, openUi, send } from './ui-page.ts';

/** 7 MB of lines, more than what is read as a whole. */
const log = Buffer.from(Array.from({ length: 250_000 }, (_, i) => `line ${i} of a long log file\n`).join(''));
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const bodies: Readonly<
  Record<string, { readonly type: string; readonly body: Buffer | string; readonly coding?: string }>
> = {
  '/log': { type: 'text/plain', body: gzipSync(log), coding: 'gzip' },
  '/cut': { type: 'text/plain', body: gzipSync(log).subarray(0, 50_000), coding: 'gzip' },
  '/lie': { type: 'image/png', body: '<html><script>document.title = "owned"</script>' },
  '/picture': { type: 'image/jpeg', body: png },
  '/deep': { type: 'application/json', body: '['.repeat(100_000) + ']'.repeat(100_000) },
  '/json': { type: 'application/json', body: '{"list": [1, {"deep name": "found"}], "last": true}' },
  '/script': { type: 'text/javascript', body: 'function a(){return{b:1}}' },
  '/packed': { type: 'application/msgpack', body: Buffer.from([0x81, 0xa2, 0x69, 0x64, 0x07]) },
};

describe('bodies', () => {
  test('of every kind are shown in the form that suits them, whatever they try', async () => {
    const origin = await startOrigin((request, response) => {
      const { type, body, coding } = bodies[request.url ?? ''] ?? { type: 'text/plain', body: 'none' };
      if (coding !== undefined) response.setHeader('Content-Encoding', coding);
      response.setHeader('Content-Type', type).end(body);
    });
    const { page, proxy, picture } = await openUi({ flags: ['--upstream', origin.url, '--cache', 'off'] });
    const show = async (path: string): Promise<void> => {
      await send(proxy, path).catch((error: unknown) => {
        // What is cut off cannot be decoded by who reads it here either.
        if (path !== '/cut') throw error;
      });
      await endedRows(page, path).last().click();
      await page.keyboard.press('3');
      await page.locator('.details-url', { hasText: path }).waitFor();
    };

    await show('/log');
    const rows = page.locator('.virtual-rows');
    await rows.locator('.code-line', { hasText: 'line 0 of a long log file' }).waitFor();
    await page.getByText('Counting lines…').waitFor({ state: 'detached' });
    await rows.focus();
    await page.keyboard.press('End');
    await rows.locator('.code-line', { hasText: 'line 249999 of a long log file' }).waitFor();
    expect(await rows.locator('.code-line').count()).toBeLessThan(100);
    await page.getByRole('button', { name: 'Find in the body' }).click();
    await page.getByRole('textbox', { name: 'Find in the body' }).fill('LINE 200000 OF');
    await rows.locator('.code-line[data-match=true]', { hasText: 'line 200000 of' }).waitFor();
    await picture('body-large');
    expect(await accessibilityProblems(page, '.details')).toEqual([]);

    await show('/cut');
    await page.getByText(/The gzip data ends early/).waitFor();
    await show('/lie');
    await page.getByText(/the bytes are those of text\/html/).waitFor();
    await page.locator('.cm-line', { hasText: 'owned' }).waitFor();
    await show('/picture');
    await page.getByText('1 × 1').waitFor();
    await show('/deep');
    await page.getByRole('treeitem').first().waitFor();
    await page.getByRole('radio', { name: 'Pretty' }).click();
    await page.locator('.cm-line').first().waitFor();

    await show('/json');
    const tree = page.getByRole('tree');
    await tree.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    await page.getByText('$.list[1]["deep name"]').waitFor();
    expect(await accessibilityProblems(page, '.details')).toEqual([]);
    await show('/script');
    await page.locator('.cm-line', { hasText: '    b: 1' }).waitFor();
    await show('/packed');
    await page.getByRole('treeitem', { name: 'id: 7' }).waitFor();
    expect(await page.title()).toBe('Hopscope');
  });
});
