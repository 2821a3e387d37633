import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { onTestFinished } from 'vitest';
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
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    headless: true,
    args: [...flags, ...args, ...(proxy === undefined ? [] : proxyFlags(proxy))],
  });
  onTestFinished(() => browser.close());
  return browser;
}

/**
 * By default Chromium bypasses a proxy for loopback addresses, which is where all test servers live. Its own calls home
 * use https: they go to a port where nobody listens instead of through the proxy under test.
 */
function proxyFlags(proxy: string): string[] {
  return [`--proxy-server=http=${new URL(proxy).host};https=127.0.0.1:9`, '--proxy-bypass-list=<-loopback>'];
}
