// A program that keeps a disk store busy until it is killed. It tells on stdout what it is about to do and, once that is
// committed, that it is done: lines of JSON.
import { writeSync } from 'node:fs';
import { DiskStore } from '../../electron/engine/cache/stores/disk-store.ts';
import type { Intent } from './store-crashes.ts';
import { bodyOf, headOf, LOAD_CAPS, LOAD_KEYS } from './store-crashes.ts';

const [, , directory = '', first = '0'] = process.argv;
const store = await DiskStore.open({
  ...{ directory, ...LOAD_CAPS },
  onFailed: (error) => {
    throw error;
  },
});
const tell = (line: unknown): void => void writeSync(1, `${JSON.stringify(line)}\n`);

/** Bodies in uneven chunks, so that some are killed half-way. */
async function put({ key, version }: Intent): Promise<void> {
  const body = bodyOf(key, version);
  const writer = store.begin(headOf(key, version));
  for (let at = 0; at < body.length; at += 30_000) await writer.write(body.subarray(at, at + 30_000));
  await writer.commit();
}

let version = Number(first);
for (;;) {
  const intents: Intent[] = Array.from({ length: 1 + Math.floor(Math.random() * 12) }, () => ({
    key: Math.floor(Math.random() * LOAD_KEYS),
    version: ++version,
    removes: Math.random() < 0.15,
  }));
  tell({ intents });
  for (const intent of intents) {
    if (!intent.removes) await put(intent);
    else await store.purge({ key: headOf(intent.key, 0).key });
    for (const entry of store.lookup(headOf(Math.floor(Math.random() * LOAD_KEYS), 0).key)) store.touch(entry, 0);
  }
  await store.flush();
  tell({ done: version });
}
