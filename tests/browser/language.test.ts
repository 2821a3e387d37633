import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessibilityProblems } from './accessibility.ts';
import { rawClient } from '../support/raw-client.ts';
import { endedRows, openUi } from './ui-page.ts';

/** What was captured, and what is typed: in whatever language it is. */
const NOT_OURS = '.raw, bdi, code, kbd, pre, textarea, .request-row, .entry-row, .step-rule, .cm-editor';

/** Names, the same in every language. */
const NAMES = ['Hopscope', 'Mermaid', 'English', 'Chromium', 'Date', 'Server'];

/** English words that somebody can see or hear: two in a row, or a text of nothing else. */
function englishLeft(page: Page): Promise<string[]> {
  return page.evaluate(
    ([notOurs = '', names = '']) => {
      const found: string[] = [];
      const look = (text: string | null, element: Element): void => {
        const words = (text ?? '').replace(/\s+/g, ' ').trim();
        if (element.closest(notOurs) !== null || !element.checkVisibility() || names.split(' ').includes(words)) return;
        if (/(?:^|[ (])[a-z]{2,},? [a-z]{2,}(?:$|[ ,.:;)])/.test(words) || /^[A-Z]?[a-z]{2,}[.:…]?$/.test(words)) {
          found.push(words);
        }
      };
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode() !== null) {
        const { parentElement } = texts.currentNode;
        if (parentElement !== null) look(texts.currentNode.textContent, parentElement);
      }
      for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
        for (const name of ['aria-label', 'title', 'placeholder']) look(element.getAttribute(name), element);
      }
      return found;
    },
    [NOT_OURS, NAMES.join(' ')],
  );
}

test('Chinese is spoken everywhere once it is chosen, over a reload, and English again when that is', async () => {
  const { page, picture, proxy } = await openUi();
  const spoken = async (place: string): Promise<void> => {
    expect({ place, left: await englishLeft(page) }).toEqual({ place, left: [] });
    await picture(`chinese-${place}`);
  };
  const choose = async (menu: string, language: string): Promise<void> => {
    await page.getByRole('button', { name: menu }).click();
    await page.getByRole('menuitemradio', { name: language }).click();
  };

  await choose('Theme, layout and more', '简体中文');
  await page.getByRole('heading', { name: '等待第一个请求' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await spoken('start');

  // The names of its pages are short enough for a small window.
  await page.setViewportSize({ width: 1024, height: 900 });
  await page.locator('.page-name', { hasText: '流量' }).waitFor();
  const edge = async (selector: string, side: 'left' | 'right'): Promise<number> =>
    page.locator(selector).evaluate((element, of) => element.getBoundingClientRect()[of], side);
  expect(await edge('.upstream-trigger', 'right')).toBeLessThan(await edge('.top-bar-actions', 'left'));
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.reload();
  await page.getByRole('button', { name: '连接客户端' }).last().click();
  await page.getByRole('heading', { name: '连接客户端' }).waitFor();
  await spoken('connect');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: '发送示例流量' }).click();
  await endedRows(page, '/stream').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: '缓存' }).last().click();
  await page.getByRole('heading', { name: '如何决定' }).waitFor();
  await spoken('decision');
  await page.getByRole('tab', { name: '对话' }).click();
  await page.getByText('你有这个吗？').first().waitFor();
  await spoken('conversation');
  expect(await accessibilityProblems(page, 'body')).toEqual([]);

  const client = await rawClient(Number(new URL(proxy).port));
  client.send('GET http://127.0.0.1:1/dead HTTP/1.1\r\nHost: a\r\n\r\n');
  await endedRows(page, '/dead').click();
  await page.getByRole('tab', { name: '时间线' }).click();
  await page.getByText('上游拒绝连接').first().waitFor();
  await picture('chinese-failure');
  await page.getByRole('button', { name: '关闭详情' }).click();

  await page.locator('#filter').fill('status:abc');
  await page.getByText('此处应为状态码，如 404、4xx 或 400..499。').waitFor();
  await spoken('wrong-filter');
  await page.locator('#filter').fill('');
  await page.locator('#request-list').focus();
  await page.keyboard.press('s');
  await page.getByRole('heading', { name: '会话', exact: true }).waitFor();
  await spoken('sessions');
  await page.keyboard.press('Escape');

  await page.keyboard.press('c');
  await page.getByRole('tab', { name: '规则' }).click();
  await page.getByRole('button', { name: '添加规则' }).click();
  await page.getByRole('button', { name: '保存规则' }).click();
  await page.getByText('覆盖规则需要名称').waitFor();
  await spoken('cache-rules');
  await page.getByRole('button', { name: '取消' }).click();

  await page.keyboard.press('r');
  await page.getByRole('heading', { name: '请求的去向' }).waitFor();
  await spoken('routing');

  await choose('主题、布局等', 'English');
  await page.getByRole('heading', { name: 'Where requests go' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
});
