import { createHash, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { launchChromium, sharedChromium } from '../support/chromium.ts';
import { hopscope } from '../support/hopscope-process.ts';
import { temporaryDirectory } from '../support/recorder.ts';

/** Where pictures are kept. */
export const artifacts = join(import.meta.dirname, '../../artifacts/ui');

/** The interface in a browser, served by a running headless host. */
export interface UiPage {
  readonly page: Page;
  readonly browser: Browser;
  /** The proxy's address. */
  readonly proxy: string;
  /** The interface's address, with its token. */
  readonly ui: string;
  /** Kills the host without a warning and starts another one on the same ports and data; resolves with its interface's address. */
  readonly startAnew: () => Promise<string>;
  /** Where the host keeps what it has. */
  readonly dataDir: string;
  /** The file of the proxy's authority. */
  readonly ca: string;
  /** Keeps a picture of the page as it is under artifacts/ui. */
  readonly picture: (name: string) => Promise<void>;
}

interface UiOptions {
  readonly flags?: readonly string[];
  readonly scheme?: 'light' | 'dark';
  /** Whether the browser trusts the proxy's authority, as if it were installed. */
  readonly trusting?: boolean;
  /** Whether the tour of a first start is shown; it is over otherwise. */
  readonly tour?: boolean;
  /** Whether the page may lose its connection, of which the console tells. */
  readonly losing?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** Starts a host and opens its page; any error or policy violation in the page fails the test when it ends. */
export async function openUi({
  flags = [],
  scheme = 'light',
  trusting = false,
  tour = false,
  losing = false,
  width = 1440,
  height = 900,
}: UiOptions = {}): Promise<UiPage> {
  const dataDir = await temporaryDirectory();
  const common = ['--log-format', 'json', '--data-dir', dataDir, ...flags];
  const host = hopscope('serve', '--port', '0', '--ui-port', '0', ...common);
  const { proxy, ui, ca } = JSON.parse(await host.ready) as { proxy: string; ui: string; ca: string };
  const browser = trusting ? await launchChromium({ args: [trustFlag(ca)] }) : await sharedChromium();
  // What the tests look for is English, whatever the system speaks.
  const looks = { viewport: { width, height }, colorScheme: scheme, locale: 'en-US' };
  const context = await browser.newContext(looks);
  onTestFinished(() => context.close());
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(ui).origin });
  if (!tour) {
    await context.addInitScript(() => {
      if (location.protocol !== 'http:' || localStorage.getItem('hopscope.ui') !== null) return;
      localStorage.setItem('hopscope.ui', '{"tourDone":true}');
    });
  }
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    if (
      !losing ||
      !/WebSocket connection|ERR_CONNECTION|Failed to fetch dynamically|Unable to preload/.test(message.text())
    )
      problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', (dialog) => {
    problems.push(`a dialog said: ${dialog.message()}`);
    void dialog.dismiss();
  });
  onTestFinished(() => expect(problems).toEqual([]));
  await page.goto(ui);
  await page.getByRole('button', { name: 'Pause recording' }).waitFor();
  return {
    ...{ page, browser, proxy, ui, ca, dataDir },
    startAnew: async () => {
      host.child.kill('SIGKILL');
      await host.ended;
      const ports = ['--port', new URL(proxy).port, '--ui-port', new URL(ui).port];
      const next = JSON.parse(await hopscope('serve', ...ports, ...common).ready) as { ui: string };
      return next.ui;
    },
    picture: async (name) => {
      mkdirSync(artifacts, { recursive: true });
      await page.screenshot({ path: join(artifacts, `${name}.png`) });
    },
  };
}

/** Has a Chromium trust exactly the chains with this authority's key. */
function trustFlag(ca: string): string {
  const key = new X509Certificate(readFileSync(ca)).publicKey.export({ type: 'spki', format: 'der' });
  return `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`;
}

/** The rows that have ended, for a path. */
export function endedRows(page: Page, path: string): Locator {
  return page
    .locator('.request-row[data-running=false]')
    .filter({ has: page.locator('[data-column=path]', { hasText: new RegExp(`${escape(path)}$`) }) });
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A rule as it stands in a file. */
export interface ImportedRule {
  readonly name: string;
  readonly when: string;
  readonly action: object;
}

/** Puts rules in force, from a file. */
export async function importRules(page: Page, rules: readonly ImportedRule[]): Promise<void> {
  await page.locator('h1').click();
  await page.keyboard.press('m');
  const buffer = Buffer.from(JSON.stringify(rules));
  await page.locator('.json-picker').setInputFiles({ name: 'mine.json', mimeType: 'application/json', buffer });
  for (const { name } of rules) await page.locator('.rule-item').getByText(name, { exact: true }).waitFor();
  await page.keyboard.press('t');
}

/** Chooses an item of the selected row's menu by keys alone; a path leads through submenus. */
export async function choose(page: Page, ...path: readonly string[]): Promise<void> {
  await page.keyboard.press('Shift+F10');
  for (const [depth, name] of path.entries()) {
    // A menu that opens takes the focus to its first item, a moment later.
    await page.getByRole('menu').nth(depth).locator(':focus').or(page.locator('[role=menu]:focus')).first().waitFor();
    const item = page.getByRole('menuitem', { name, exact: true });
    await item.focus();
    await page.keyboard.press(depth < path.length - 1 ? 'ArrowRight' : 'Enter');
  }
  // A menu that closes gives the focus back a moment later; a key that is pressed before goes nowhere.
  await page.getByRole('menu').first().waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement !== document.body);
}

/** Sends one request to the proxy itself and reads the answer. */
export async function send(proxy: string, path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(`${proxy}${path}`, init);
  await response.arrayBuffer();
  return response;
}
