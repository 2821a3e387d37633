/**
 * How the list keeps up with traffic: `npm run bench:live`, or `node bench/ui-live.ts 5 1000` for 5 seconds at 1,000
 * requests a second instead of 60 at 3,000. The requests are answered from the cache; the list follows its end.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { percentile, printFigures } from './ui/figures.ts';
import { PacedLoad } from './ui/paced-load.ts';
import { startUiHost } from './ui/ui-host.ts';

const seconds = Number(process.argv[2] ?? 60);
const rate = Number(process.argv[3] ?? 3000);
/** The page and the engine find their pace before anything is measured. */
const WARM_UP_SECONDS = 2;
/** The last rows come while the page still looks on. */
const EDGE_MS = 500;

const origin = createServer((_request, response) => {
  response.setHeader('Cache-Control', 'max-age=3600').end('answered');
}).listen(0, '127.0.0.1');
await once(origin, 'listening');
const upstream = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
const host = await startUiHost(() => Promise.resolve(), '--upstream', upstream, '--cache', 'shared');
try {
  const page = await host.open();
  await page.getByRole('button', { name: 'Pause recording' }).waitFor();
  const load = await PacedLoad.open(host.proxy, '/item');
  const warm = await load.run(rate, WARM_UP_SECONDS);
  await page.locator('.request-row').first().waitFor();
  const [sent, { frames, lags }] = await Promise.all([
    load.run(rate, seconds),
    page.evaluate((ms) => window.probe.watch(ms), seconds * 1000 - EDGE_MS),
  ]);
  load.close();
  const counted = async (): Promise<number> => {
    const facts = await page.locator('.status-bar .fact').allInnerTexts();
    const number = (words: RegExp): number =>
      Number(facts.find((text) => words.test(text))?.replaceAll(/\D/g, '') ?? 0);
    return number(/requests?$/) + number(/dropped$/);
  };
  const begun = performance.now();
  while ((await counted()) < warm + sent && performance.now() - begun < 5000) await page.waitForTimeout(100);
  console.log(`\n${seconds} s at ${rate.toLocaleString('en')} requests/s:`);
  const inTime = printFigures([
    { what: 'longest frame', value: Math.max(...frames), target: 100, unit: 'ms' },
    { what: '95 % of frames within', value: percentile(frames, 0.95), target: 50, unit: 'ms' },
    { what: 'newest row behind the clock, at most', value: Math.max(...lags), target: 250, unit: 'ms' },
    { what: 'newest row behind the clock, median', value: percentile(lags, 0.5), target: 250, unit: 'ms' },
    {
      what: 'neither listed nor counted as dropped',
      value: warm + sent - (await counted()),
      target: 0,
      unit: 'requests',
    },
  ]);
  if (!inTime) process.exitCode = 1;
} finally {
  await host.stop();
  origin.close();
}
