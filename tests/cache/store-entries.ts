import type { CacheStore } from '../../electron/engine/cache/cache-store.ts';
import type { StoredHead, StoredResponse } from '../../electron/engine/cache/stored-response.ts';
import type { RequestShape, ResponseShape } from './policy-harness.ts';
import { store as stored } from './policy-harness.ts';

/** Makes a response fresh for a minute. */
export const FRESH = 'Cache-Control: max-age=60';

/** A head as the policy makes it. */
export function headOf(response: ResponseShape = {}, asked: RequestShape = {}): StoredHead {
  return stored({ ...response, headers: [FRESH, ...(response.headers ?? [])] }, asked).head;
}

const encoder = new TextEncoder();

/** Stores a body in one go. */
export async function put(store: CacheStore, head: StoredHead, body = 'body'): Promise<StoredResponse | undefined> {
  const writer = store.begin(head);
  await writer.write(encoder.encode(body));
  return writer.commit();
}

/** The whole body of an entry, or a range of it, as text. */
export async function read(entry: StoredResponse, first = 0, last = (entry.bodyLength ?? 0) - 1): Promise<string> {
  const { body } = entry;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body.subarray(first, last + 1));
  const chunks: Uint8Array[] = [];
  const opened = body.open({ first, last });
  if (opened === undefined) throw new Error('its body is gone');
  for await (const chunk of opened) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The bodies of all entries under a key. */
export async function bodies(store: CacheStore, key: string): Promise<string[]> {
  return Promise.all(store.lookup(key).map((entry) => read(entry)));
}
