import { rangeContains } from '../http/byte-ranges.ts';
import type { StoredHead } from './stored-response.ts';

/**
 * Says whether a newly stored response makes an older one under the same key useless: every request that the older one
 * matches, the newer one matches too, and it has at least the same bytes.
 */
export function supersedes(newer: StoredHead, older: StoredHead): boolean {
  if (newer.part !== undefined) {
    if (older.part === undefined || !rangeContains(newer.part.range, older.part.range)) return false;
  }
  return newer.selecting.every(({ field, normal }) =>
    older.selecting.some((other) => other.field === field && other.normal === normal),
  );
}
