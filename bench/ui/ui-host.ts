import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { ensureUi } from '../../scripts/ensure-build.ts';
import { ensureChromium } from '../../scripts/ensure-chromium.ts';
import { heapFlags, projectRoot } from '../../scripts/project.ts';
import { launchNode } from '../launch.ts';
import { installProbe } from './probe.ts';

const cli = join(projectRoot, 'electron', 'cli.ts');

/** A running Hopscope that serves its interface, and a browser. */
export interface UiHost {
  /** The proxy's and the interface's addresses. */
  readonly proxy: string;
  readonly ui: string;
  readonly browser: Browser;
  /** Opens the interface, with the probe in it. */
  readonly open: (prepare?: (page: Page) => Promise<void>) => Promise<Page>;
  readonly stop: () => Promise<void>;
}

/** @param prepare what is to be in the data directory before it starts */
export async function startUiHost(prepare: (dataDir: string) => Promise<void>, ...flags: string[]): Promise<UiHost> {
  ensureUi();
  const dataDir = await mkdtemp(join(tmpdir(), 'hopscope-bench-ui-'));
  await prepare(dataDir);
  const ports = ['--port', '0', '--ui-port', '0', '--log-format', 'json', '--data-dir', dataDir];
  const { launched, ready } = await launchNode([...heapFlags, cli, 'serve', ...ports, ...flags]);
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: ['--no-sandbox', '--disable-background-networking', '--js-flags=--expose-gc'],
  });
  const ui = String(ready['ui']);
  return {
    ...{ proxy: String(ready['proxy']), ui, browser },
    async open(before) {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.addInitScript(installProbe);
      await before?.(page);
      await page.goto(ui);
      return page;
    },
    async stop() {
      await browser.close();
      await launched.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
