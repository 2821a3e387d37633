import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { DiskStore } from '../../electron/engine/cache/stores/disk-store.ts';
import type { StoredHead, StoredResponse } from '../../electron/engine/cache/stored-response.ts';
import { openBody } from '../../electron/engine/cache/stored-response.ts';

/** How many keys the load writes to, and what the store may take: enough for all of them. */
export const LOAD_KEYS = 40;
export const LOAD_CAPS = { maxBytes: 1e9, memoryBytes: 1e6 };

/** Something that the load is about to do with a key. */
export interface Intent {
  readonly key: number;
  readonly version: number;
  readonly removes: boolean;
}

export function headOf(key: number, version: number): StoredHead {
  const uri = `http://load.test/${key}`;
  return {
    ...{ key: uri, uri, method: 'GET', status: 200, reason: 'OK', selecting: [], authorized: false },
    headers: ['Cache-Control', 'max-age=60', 'X-Version', String(version)],
    requestTime: version,
    responseTime: version,
  };
}

/** A body that only this version of this key has; every third one is too large for the database. */
export function bodyOf(key: number, version: number): Buffer {
  const length = version % 3 === 0 ? 70_000 + (version % 50_000) : version % 5_000;
  return Buffer.alloc(length, `${key}:${version};`);
}

/** What a store was found to be after its process was killed. */
export interface Aftermath {
  readonly entries: number;
  readonly committed: number;
  /** What is wrong, in sentences. */
  readonly faults: readonly string[];
}

/** Runs the load on a directory for some milliseconds, kills it with SIGKILL, and looks at what is left. */
export async function crash(directory: string, milliseconds: number, firstVersion: number): Promise<Aftermath> {
  const load = join(import.meta.dirname, 'store-load.ts');
  const child = spawn(process.execPath, [load, directory, String(firstVersion)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const states = new Map<number, Set<number>>();
  let pending: Intent[] = [];
  let committed = 0;
  const lines = createInterface(child.stdout);
  const ready = once(lines, 'line');
  lines.on('line', (line: string) => {
    const told = JSON.parse(line) as { intents?: Intent[]; done?: number };
    if (told.intents !== undefined) {
      pending = told.intents;
      return;
    }
    // Committed: only the last state of each key is possible from now on.
    for (const { key, version, removes } of pending) states.set(key, new Set([removes ? 0 : version]));
    committed += pending.length;
    pending = [];
  });
  await ready;
  await wait(milliseconds);
  const closed = once(lines, 'close');
  child.kill('SIGKILL');
  await closed;
  for (const { key, version, removes } of pending) {
    const possible = states.get(key) ?? new Set([UNKNOWN]);
    states.set(key, possible.add(removes ? 0 : version));
  }
  const { entries, faults } = await inspect(directory, states);
  return { entries, committed, faults };
}

/** Stands for whatever an earlier run left. */
const UNKNOWN = -1;

async function inspect(
  directory: string,
  states: ReadonlyMap<number, ReadonlySet<number>>,
): Promise<Pick<Aftermath, 'entries' | 'faults'>> {
  const faults: string[] = [];
  const store = await DiskStore.open({
    ...{ directory, ...LOAD_CAPS },
    onFailed: (error) => faults.push(`the store failed: ${error.message}`),
  });
  let entries = 0;
  let files = 0;
  for (let key = 0; key < LOAD_KEYS; key++) {
    const found = store.lookup(headOf(key, 0).key);
    entries += found.length;
    if (found.length > 1) faults.push(`key ${key} has ${found.length} entries`);
    const [entry] = found;
    const version = entry?.head.responseTime ?? 0;
    const possible = states.get(key);
    if (possible !== undefined && !possible.has(UNKNOWN) && !possible.has(version)) {
      faults.push(`key ${key} is at version ${version}, and may be at ${[...possible].join(', ')}`);
    }
    if (entry === undefined) continue;
    if (!(entry.body instanceof Uint8Array)) files++;
    if (!bodyOf(key, version).equals(await bytesOf(entry))) faults.push(`the body of key ${key} is torn`);
  }
  if (store.stats().entries !== entries) faults.push(`${store.stats().entries} entries are counted, ${entries} found`);
  // Orphans are deleted by the thread that the store waits for here.
  await store.close();
  const left = await readdir(join(directory, 'bodies'));
  if (left.length !== files) faults.push(`there are ${left.length} body files for ${files} entries`);
  return { entries, faults };
}

async function bytesOf(stored: StoredResponse): Promise<Uint8Array> {
  const bytes = openBody(stored, { first: 0, last: (stored.bodyLength ?? 0) - 1 });
  if (bytes === undefined) throw new Error('its body is gone');
  if (bytes instanceof Uint8Array) return bytes;
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}
