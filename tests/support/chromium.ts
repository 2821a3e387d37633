import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { afterAll, onTestFinished } from 'vitest';
import { ensureChromium } from '../../scripts/ensure-chromium.ts';

/** Keep the browser quiet: what a test sees through the proxy must be what the test asked for. */
const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export interface ChromiumOptions {
  /** Address of the proxy that all traffic goes through, loopback included; none when left out. */
  readonly proxy?: string;
  readonly args?: readonly string[];
}

/** Launches a headless Chromium that is closed when the current test finishes. */
export async function launchChromium({ proxy, args = [] }: ChromiumOptions = {}): Promise<Browser> {
  const browser = await launch([...args, ...(proxy === undefined ? [] : proxyFlags(proxy))]);
  onTestFinished(() => browser.close());
  return browser;
}

let shared: Promise<Browser> | undefined;

/**
 * The headless Chromium of a whole test file, launched when it is first wanted. Its tests are kept apart by contexts of their
 * own, which share no pages, storage, cache or permissions. Close them at the end of the test, but never the browser.
 */
export function sharedChromium(): Promise<Browser> {
  shared ??= launch([]);
  return shared;
}

// The modules of browser tests are each file's own: this is the end of the file that imports it.
afterAll(async () => {
  await (await shared)?.close();
});

async function launch(args: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath: await ensureChromium(), headless: true, args: [...flags, ...args] });
}

/**
 * By default Chromium bypasses a proxy for loopback addresses, which is where all test servers live. Its own calls home
 * use https: they go to a port where nobody listens instead of through the proxy under test.
 */
function proxyFlags(proxy: string): string[] {
  return [`--proxy-server=http=${new URL(proxy).host};https=127.0.0.1:9`, '--proxy-bypass-list=<-loopback>'];
}
