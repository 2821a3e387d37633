// The long form of the tests of the disk store: `npm run soak:store` kills a store under load at random moments, 200 times or
// as often as its argument says, and looks after each kill whether anything was lost, torn or left over.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeLargeResponse } from '../tests/support/large-response.ts';
import { crash } from '../tests/support/store-crashes.ts';

const kills = Number(process.argv[2] ?? 200);
const directory = await mkdtemp(join(tmpdir(), 'hopscope-soak-'));
let version = 0;
let faulty = 0;
for (let kill = 1; kill <= kills; kill++) {
  const { entries, committed, faults } = await crash(directory, Math.random() * 300, version);
  version += committed + 1_000;
  for (const fault of faults) console.error(`kill ${kill}: ${fault}`);
  if (faults.length > 0) faulty++;
  if (kill % 20 === 0)
    console.log(`${kill} kills, ${faulty} with faults; ${entries} entries, ${version} versions so far`);
}
console.log(`${kills} kills, ${faulty} with faults`);
const large = await storeLargeResponse(join(directory, 'large'), 2 * 2 ** 30);
for (const fault of large.faults) console.error(`2 GiB: ${fault}`);
const [storing = '?', serving = '?'] = large.peaks;
console.log(
  `2 GiB, ${large.faults.length} faults; at most ${storing} MiB of memory to store it, ${serving} to serve it`,
);
await rm(directory, { recursive: true });
if (faulty + large.faults.length > 0) process.exitCode = 1;
