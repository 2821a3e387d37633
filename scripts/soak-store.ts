// The long form of the tests of the disk store: `npm run soak:store` kills a store under load at random moments, 200 times or
// as often as its argument says, and looks after each kill whether anything was lost, torn or left over.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
await rm(directory, { recursive: true });
console.log(`${kills} kills, ${faulty} with faults`);
if (faulty > 0) process.exitCode = 1;
