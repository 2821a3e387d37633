// Draws assets/icon.svg in every size that a package needs, into build/: icons/SIZExSIZE.png, icon.ico and
// icon.icns; and for the tray and Windows' taskbar into assets/, where the app finds what it shows.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ensureChromium } from './ensure-chromium.ts';
import type { Picture } from './icon-files.ts';
import { icnsFile, icoFile } from './icon-files.ts';
import { projectRoot } from './project.ts';

const sizes = [16, 24, 32, 48, 64, 96, 128, 256, 512, 1024];
const folder = join(projectRoot, 'build', 'icons');
const assets = join(projectRoot, 'assets');

const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ['--no-sandbox'] });

/** A drawing among the assets at so many pixels. */
async function draw(name: string, size: number): Promise<Picture> {
  const svg = readFileSync(join(assets, name), 'base64');
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const style = `margin:0;background:transparent;display:block`;
  await page.setContent(
    `<body style="${style}"><img width="${size}" height="${size}" style="display:block" src="data:image/svg+xml;base64,${svg}">`,
  );
  await page.locator('img').evaluate((image: { decode(): Promise<void> }) => image.decode());
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return { size, png };
}

const pictures: Picture[] = [];
try {
  for (const size of sizes) pictures.push(await draw('icon.svg', size));
  for (const [file, drawing, size] of [
    ['tray.png', 'icon.svg', 24],
    ['tray@2x.png', 'icon.svg', 48],
    ['badge.png', 'badge.svg', 16],
    ['badge@2x.png', 'badge.svg', 32],
  ] as const) {
    writeFileSync(join(assets, file), (await draw(drawing, size)).png);
  }
} finally {
  await browser.close();
}
mkdirSync(folder, { recursive: true });
for (const { size, png } of pictures) writeFileSync(join(folder, `${size}x${size}.png`), png);
writeFileSync(join(folder, '..', 'icon.ico'), icoFile(pictures.filter(({ size }) => size <= 256)));
writeFileSync(join(folder, '..', 'icon.icns'), icnsFile(pictures));
