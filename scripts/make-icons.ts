// Draws assets/icon.svg in every size that a package needs, into build/: icons/SIZExSIZE.png, icon.ico and
// icon.icns; and for the tray into assets/, where the app finds it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ensureChromium } from './ensure-chromium.ts';
import type { Picture } from './icon-files.ts';
import { icnsFile, icoFile } from './icon-files.ts';
import { projectRoot } from './project.ts';

const sizes = [16, 24, 32, 48, 64, 96, 128, 256, 512, 1024];
const folder = join(projectRoot, 'build', 'icons');
const svg = readFileSync(join(projectRoot, 'assets', 'icon.svg'), 'base64');

const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ['--no-sandbox'] });
const pictures: Picture[] = [];
try {
  for (const size of sizes) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const style = `margin:0;background:transparent;display:block`;
    await page.setContent(
      `<body style="${style}"><img width="${size}" height="${size}" style="display:block" src="data:image/svg+xml;base64,${svg}">`,
    );
    await page.locator('img').evaluate((image: { decode(): Promise<void> }) => image.decode());
    pictures.push({ size, png: await page.screenshot({ omitBackground: true }) });
    await page.close();
  }
} finally {
  await browser.close();
}
mkdirSync(folder, { recursive: true });
for (const { size, png } of pictures) writeFileSync(join(folder, `${size}x${size}.png`), png);
const tray = { 'tray.png': 24, 'tray@2x.png': 48 };
for (const { size, png } of pictures) {
  const [name] = Object.entries(tray).find(([, wanted]) => wanted === size) ?? [];
  if (name !== undefined) writeFileSync(join(projectRoot, 'assets', name), png);
}
writeFileSync(join(folder, '..', 'icon.ico'), icoFile(pictures.filter(({ size }) => size <= 256)));
writeFileSync(join(folder, '..', 'icon.icns'), icnsFile(pictures));
