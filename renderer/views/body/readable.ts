import type { BodySource } from '../../../shared/body-contract.ts';
import type { Answer, InspectorApi } from '../../../shared/contract.ts';
import type { ReadableBytes } from '../common/save-file.ts';

/** Bytes that one request brings at most. */
const MOST = 1024 * 1024;

/** A body on the host's side, without its content codings. */
export function hostBytes(api: InspectorApi, source: BodySource, length: number): ReadableBytes {
  return {
    length,
    read: (offset, wanted) => api.request('body.decoded', { source, offset, length: Math.min(MOST, wanted) }),
  };
}

/** Bytes that are here already. */
export function localBytes(bytes: Uint8Array): ReadableBytes {
  const read = (offset: number, length: number): Promise<Answer<Uint8Array>> =>
    Promise.resolve({ ok: true, value: bytes.subarray(offset, offset + length) });
  return { length: bytes.length, read };
}

/** All of the bytes, piece by piece; the first failure ends it. */
export async function readWhole(from: ReadableBytes): Promise<Answer<Uint8Array<ArrayBuffer>>> {
  const whole = new Uint8Array(from.length);
  let at = 0;
  while (at < whole.length) {
    const answer = await from.read(at, Math.min(MOST, whole.length - at));
    if (!answer.ok) return answer;
    if (answer.value.length === 0) break;
    whole.set(answer.value, at);
    at += answer.value.length;
  }
  return { ok: true, value: at === whole.length ? whole : whole.slice(0, at) };
}
