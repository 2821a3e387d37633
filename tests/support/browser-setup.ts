import { ensureUi } from '../../scripts/ensure-build.ts';
import { ensureChromium } from '../../scripts/ensure-chromium.ts';

/** Runs once before the browser tests: they need a Chromium and the built user interface. */
export async function setup(): Promise<void> {
  process.env['CHROMIUM_PATH'] = await ensureChromium();
  ensureUi();
}
