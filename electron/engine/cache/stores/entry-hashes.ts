import { originOf, withoutQuery } from '../cache-key.ts';
import type { StoredHead } from '../stored-response.ts';

/** What an entry is found by on disk: 32-bit numbers, whose rare collisions the finder sorts out. */
export interface EntryHashes {
  readonly key: number;
  /** Of the URI without its query, never 0. Null where the key is all that: what has no query is found by its key. */
  readonly path: number | null;
  /** Of the path again, for entries that may answer other queries too. */
  readonly loose: number | null;
  /** Of the origin, for entries that belong to cache groups. */
  readonly group: number | null;
}

// One table holds all kinds of hashes, so equal texts must differ by what they stand for.
const PATH = 0x5bd1e995;
const LOOSE = 0x27d4eb2f;
const GROUP = 0x165667b1;

export function keyHash(key: string): number {
  return hashText(key, key.length) >>> 0;
}

/** Of the URI without its query; never 0, which stands for none in the index. */
export function pathHash(uri: string): number {
  return (hashText(uri, withoutQuery(uri).length) ^ PATH) >>> 0 || 1;
}

export function looseHash(uri: string): number {
  return (hashText(uri, withoutQuery(uri).length) ^ LOOSE) >>> 0;
}

export function groupHash(origin: string): number {
  return (hashText(origin, origin.length) ^ GROUP) >>> 0;
}

export function hashesOf({ key, uri, search, groups }: StoredHead): EntryHashes {
  return {
    key: keyHash(key),
    path: key === uri && !uri.includes('?') ? null : pathHash(uri),
    loose: search === undefined ? null : looseHash(uri),
    group: groups === undefined ? null : groupHash(originOf(uri)),
  };
}

/** FNV-1a over the first `length` UTF-16 units, with its bits mixed once more. */
function hashText(text: string, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
