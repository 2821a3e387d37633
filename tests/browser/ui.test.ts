import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { endedRows, openUi, send } from './ui-page.ts';

describe('a newcomer', () => {
  test('is told what to do, sends sample traffic, and reads a request by keyboard alone', async () => {
    const { page, proxy, picture } = await openUi();
    await page.getByRole('heading', { name: 'Waiting for the first request' }).waitFor();
    expect(await page.locator('.command').allInnerTexts()).toEqual([
      `curl -x ${proxy} http://example.com/`,
      `curl ${proxy}/`,
    ]);
    await picture('first-steps');

    await page.getByRole('button', { name: 'Send sample traffic' }).press('Enter');
    await endedRows(page, '/stream').waitFor();
    const verdicts = new Set(await page.locator('[data-column=cache] .badge').allInnerTexts());
    for (const verdict of ['HIT', 'MISS', 'REVALIDATED', 'BYPASS']) expect(verdicts).toContain(verdict);
    await picture('list');

    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'Timeline' }).waitFor();
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
    await expect.poll(focused).toBe('Timeline');
    await page.keyboard.press('ArrowRight');
    await expect.poll(focused).toBe('Request');
    await page.getByText('Headers', { exact: false }).first().waitFor();
    await page.keyboard.press('4');
    await page.getByText('How it was decided').waitFor();
    await expect.poll(focused).toMatch(/^Cache/);
    await picture('decision');
    await page.keyboard.press('1');
    await page.keyboard.press('Escape');
    await page.keyboard.press('End');
    await page.locator('.details-url', { hasText: '/stream' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.details').waitFor({ state: 'detached' });
  });

  test('sees phases that add up, each with its exact values', async () => {
    const { page, picture } = await openUi({ scheme: 'dark' });
    await page.getByRole('button', { name: 'Send sample traffic' }).click();
    await endedRows(page, '/slow').first().click();
    const parts = page.locator('.breakdown dd');
    await parts.first().waitFor();
    const [total = 0, ...others] = (await parts.allInnerTexts()).map(milliseconds);
    // Each is rounded to three digits for display.
    expect(Math.abs(others.reduce((sum, part) => sum + part, 0) - total)).toBeLessThan(total * 0.02);
    await page.getByRole('button', { name: /^Waiting: / }).focus();
    await page.getByRole('tooltip').getByText("Waited for the upstream's answer to begin.").waitFor();
    await picture('timeline-dark');
  });
});

describe('the way of a request', () => {
  test('is changed at the top: cache mode and upstream', async () => {
    const origin = await startOrigin((_request, response) => response.end('from the test'));
    const { page, proxy, picture } = await openUi();
    await page.getByRole('radio', { name: 'Off', exact: true }).click();
    await send(proxy, '/');
    await expect.poll(() => endedRows(page, '/').first().locator('.badge').innerText()).toBe('BYPASS');
    await page.getByRole('radio', { name: 'Snapshot' }).click();
    await expect.poll(() => page.getByRole('radio', { name: 'Snapshot' }).getAttribute('aria-checked')).toBe('true');

    await page.getByRole('button', { name: /^Upstream/ }).click();
    await page.getByRole('textbox', { name: 'URL' }).fill('http://user@example.com');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/without user/)
      .waitFor();
    await picture('upstream-refused');
    await page.getByRole('textbox', { name: 'URL' }).fill(origin.url.replace('http://', ''));
    await page.getByRole('textbox', { name: /^Name/ }).fill('Test origin');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Upstream: Test origin' }).waitFor();
    expect(await (await fetch(`${proxy}/it`)).text()).toBe('from the test');
    await endedRows(page, '/it').first().waitFor();

    await page.getByRole('button', { name: /^Upstream/ }).click();
    await page.getByRole('button', { name: 'Remove Test origin' }).click();
    await page.getByRole('button', { name: 'Upstream: None' }).waitFor();
  });

  test('is recorded, or not, and forgotten on demand', async () => {
    const { page, proxy, picture } = await openUi();
    await send(proxy, '/first');
    await endedRows(page, '/first').waitFor();
    await page.keyboard.press('Control+e');
    await page.getByText('Recording is paused.').first().waitFor();
    await send(proxy, '/unseen');
    await picture('paused');
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByRole('button', { name: 'Pause recording' }).waitFor();
    await send(proxy, '/third');
    await endedRows(page, '/third').waitFor();
    expect(await endedRows(page, '/unseen').count()).toBe(0);
    await page.keyboard.press('Control+Shift+Delete');
    await page.getByRole('heading', { name: 'Waiting for the first request' }).waitFor();
  });
});

describe('the list', () => {
  test('is filtered by words, keys and verdicts', async () => {
    const { page, proxy, picture } = await openUi();
    for (const path of ['/style.css', '/style.css', '/missing']) await send(proxy, path);
    await endedRows(page, '/missing').waitFor();
    const count = (): Promise<number> => page.locator('.request-row').count();
    await page.keyboard.press('/');
    await page.keyboard.type('style');
    await expect.poll(count).toBe(2);
    await page.getByRole('button', { name: /^HIT/ }).click();
    await expect.poll(count).toBe(1);
    expect(await page.getByRole('combobox', { name: 'Filter requests' }).inputValue()).toBe('style cache:hit');
    await page.getByRole('combobox', { name: 'Filter requests' }).fill('nowhere');
    await page.getByRole('heading', { name: 'No request matches the filter' }).waitFor();
    await picture('no-match');
    await page.getByRole('button', { name: 'Clear the filter' }).first().click();
    await expect.poll(count).toBe(3);

    await page.getByRole('combobox', { name: 'Filter requests' }).fill('status:');
    expect(await page.locator('.filter-problem').count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('A value for "status" is missing.').waitFor();
  });

  test('follows the newest row only while that is in sight', async () => {
    const { page, proxy } = await openUi({ height: 500, flags: ['--cache', 'off'] });
    const more = async (name: string, times: number): Promise<void> => {
      for (let i = 1; i <= times; i++) await send(proxy, `/${name}/${i}`);
      await expect.poll(() => page.locator('.status-bar').innerText()).toContain(`${name === 'a' ? 60 : 80} requests`);
    };
    await more('a', 60);
    await endedRows(page, '/a/60').waitFor();
    await page.locator('#request-list').focus();
    await page.keyboard.press('Home');
    await endedRows(page, '/a/1').waitFor();
    await more('b', 20);
    expect(await page.locator('#request-list').evaluate((list) => list.scrollTop)).toBe(0);
    await page.getByRole('button', { name: 'Newest of 80' }).click();
    await endedRows(page, '/b/20').waitFor();
  });

  test('keeps columns, theme and layout over a reload', async () => {
    const { page, proxy } = await openUi();
    await send(proxy, '/');
    await endedRows(page, '/').waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Host' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Theme, layout and more' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.reload();
    await endedRows(page, '/').waitFor();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(await page.getByRole('columnheader', { name: 'Host' }).count()).toBe(0);
  });
});

describe('messages', () => {
  test('show bodies as JSON, text, hex and pictures', async () => {
    const json = JSON.stringify({ id: 9007199254740993n.toString(), list: [1, { ok: true }] });
    const origin = await startOrigin((request, response) => {
      if (request.url === '/json') {
        response.setHeader('Content-Type', 'application/json').setHeader('Content-Encoding', 'gzip');
        response.end(gzipSync(json));
      } else response.setHeader('Content-Type', 'text/plain').end('line\n'.repeat(200_000));
    });
    const { page, proxy, picture } = await openUi({ flags: ['--upstream', origin.url, '--cache', 'off'] });
    await send(proxy, '/json');
    await endedRows(page, '/json').click();
    await page.keyboard.press('3');
    await page.getByRole('treeitem', { name: 'ok: true' }).waitFor();
    await page.getByRole('radio', { name: 'Pretty' }).click();
    await page.locator('.cm-line', { hasText: '"ok": true' }).waitFor();
    await page.getByRole('radio', { name: 'Hex' }).click();
    await page.locator('.code-line', { hasText: /^0000  7b 22 69 64/ }).waitFor();
    await picture('body-hex');

    await send(proxy, '/long');
    await endedRows(page, '/long').click();
    await page.locator('.cm-line', { hasText: 'line' }).first().waitFor();
    expect(await page.locator('.cm-line').count()).toBeLessThan(200);
  });

  test('that are hostile are shown and never run', async () => {
    const script = '<script>document.title = "owned"</script><img src=x onerror="alert(1)">';
    const origin = await startOrigin((_request, response) => {
      response.setHeader('Content-Type', 'text/html').setHeader('X-Evil', script).end(`${script}\u202etxt.exe`);
    });
    const { page, proxy, picture } = await openUi({ flags: ['--upstream', origin.url] });
    await send(proxy, '/%3Cscript%3E?<img/src=x>');
    await page.locator('.request-row[data-running=false]').click();
    await page.keyboard.press('3');
    await page.locator('.field-value', { hasText: script }).waitFor();
    await page.getByRole('radio', { name: 'Text' }).click();
    await page.locator('.cm-line', { hasText: script }).waitFor();
    await page.locator('.cm-line .raw-escape', { hasText: 'U+202E' }).waitFor();
    await picture('hostile');
    expect(await page.title()).toBe('Hopscope');
    expect(await page.locator('.details script, .details img[src]').count()).toBe(0);
  });

  test('that failed say where and why', async () => {
    const { page, proxy, picture } = await openUi({ flags: ['--upstream', 'http://127.0.0.1:1'] });
    await send(proxy, '/nobody');
    await endedRows(page, '/nobody').click();
    await page.locator('.callout', { hasText: 'CONNECTION_REFUSED' }).waitFor();
    await picture('failed');
    await page.keyboard.press('4');
    await page.locator('.decision-meaning').waitFor();
  });
});

/** A duration as the page shows it, such as `1.24 ms 12 %`, in milliseconds. */
function milliseconds(text: string): number {
  const match = /^([\d.]+) (µs|ms|s)/.exec(text);
  const factor = { µs: 0.001, ms: 1, s: 1000 }[match?.[2] as 'µs' | 'ms' | 's'];
  return Number(match?.[1]) * factor;
}
