import { ensureDesktop } from '../../scripts/ensure-build.ts';
import { ensureChromium } from '../../scripts/ensure-chromium.ts';

/** Runs once before the browser tests: they need a Chromium, the built user interface and the built app. */
export async function setup(): Promise<void> {
  process.env['CHROMIUM_PATH'] = await ensureChromium();
  ensureDesktop();
}
