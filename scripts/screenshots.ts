// `npm run screenshots`: every page and panel of the interface over the demo site, in each look, into artifacts/screenshots.
// With arguments only the scenes and looks whose names hold one of them: `npm run screenshots -- settings dark`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { ensureUi } from './ensure-build.ts';
import { ensureChromium } from './ensure-chromium.ts';
import { projectRoot } from './project.ts';
import { LOOKS, scenes } from './screenshot-scenes.ts';
import type { Look, Scene } from './screenshot-scenes.ts';

const folder = join(projectRoot, 'artifacts', 'screenshots');
const wanted = process.argv.slice(2);
const isWanted = (name: string, others: readonly string[]): boolean => {
  const about = wanted.filter((word) => others.some((other) => other.includes(word)));
  return about.length === 0 || about.some((word) => name.includes(word));
};

ensureUi();
mkdirSync(folder, { recursive: true });
const data = mkdtempSync(join(tmpdir(), 'hopscope-screenshots-'));
const flags = ['--port', '0', '--ui-port', '0', '--log-format', 'json', '--data-dir', data];
const host = spawn(process.execPath, [join(projectRoot, 'electron', 'cli.ts'), 'serve', ...flags], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch({
  executablePath: await ensureChromium(),
  args: ['--no-sandbox', '--disable-background-networking', '--no-first-run'],
});
try {
  const lines = createInterface({ input: host.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  const { ui } = JSON.parse(line) as { ui: string };
  const names = scenes.map(({ name }) => name);
  const lookNames = LOOKS.map(({ name }) => name);
  const chosenLooks = LOOKS.filter(({ name }) => isWanted(name, lookNames));
  const chosenScenes = scenes.filter(({ name }) => isWanted(name, names));
  // The scenes without traffic come first, for all looks: there is no way back to them.
  for (const empty of [true, false]) {
    if (!empty) await sendSamples(browser, ui);
    const now = chosenScenes.filter((one) => (one.empty ?? false) === empty);
    // The tour belongs to the first look, and is over when there is traffic.
    for (const look of chosenLooks) await take(browser, ui, { ...look, view: { ...look.view, tourDone: !empty } }, now);
  }
} finally {
  await browser.close();
  host.kill('SIGTERM');
  await once(host, 'exit');
  rmSync(data, { recursive: true, force: true });
}

async function sendSamples(browser: Browser, ui: string): Promise<void> {
  const page = await browser.newPage();
  await page.goto(ui);
  await page.locator('.start button:has(.lucide-send)').click();
  const last = page.locator('.request-row[data-running=false]', { hasText: '/stream' });
  await last.waitFor();
  await page.close();
}

async function take(browser: Browser, ui: string, look: Look, chosen: readonly Scene[]): Promise<void> {
  if (chosen.length === 0) return;
  const context = await browser.newContext({
    ...{ viewport: { width: 1440, height: 900 }, colorScheme: look.scheme },
    forcedColors: look.forced === true ? 'active' : 'none',
  });
  await context.addInitScript(
    `if (localStorage.getItem('hopscope.ui') === null) localStorage.setItem('hopscope.ui', ${JSON.stringify(JSON.stringify(look.view))})`,
  );
  for (const { name, prepare } of chosen) {
    const page: Page = await context.newPage();
    await page.goto(ui);
    await page.locator('.proxy-address[data-live=true]').waitFor();
    await prepare(page);
    await page.screenshot({ path: join(folder, `${name}-${look.name}.png`), animations: 'disabled' });
    process.stdout.write(`${name}-${look.name}.png\n`);
    await page.evaluate('localStorage.clear()');
    await page.close();
  }
  await context.close();
}
