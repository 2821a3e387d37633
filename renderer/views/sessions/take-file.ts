import type { InspectorApi } from '../../../shared/contract.ts';
import { MAX_FILE_READ } from '../../../shared/session-contract.ts';
import type { ExportOrder, SessionEntry } from '../../../shared/session-contract.ts';
import { saveBytes } from '../common/save-file.ts';
import type { ReadableBytes } from '../common/save-file.ts';

type Exported = { readonly exchanges: number; readonly name: string } | { readonly problem: string };

/** Lets the person keep some exchanges as an HTTP Archive, named after the moment. */
export async function exportHar(api: InspectorApi, order: ExportOrder, now: Date): Promise<Exported> {
  const answer = await api.request('sessions.export', order);
  if (!answer.ok) return { problem: answer.error.message };
  const { id, exchanges, bytes } = answer.value;
  const name = `hopscope-${moment(now)}.har`;
  const problem = await saveBytes(hostFile(api, id, bytes), name);
  // What cannot be deleted now goes when the host ends.
  await api.request('sessions.delete', { id });
  return problem === undefined ? { exchanges, name } : { problem };
}

/** Lets the person keep a saved session's file; resolves with what went wrong, if anything did. */
export function downloadSession(
  api: InspectorApi,
  { id, kind, name, bytes }: SessionEntry,
): Promise<string | undefined> {
  return saveBytes(hostFile(api, id, bytes), `${name}${kind === 'har' ? '.har' : '.hopscope'}`);
}

function hostFile(api: InspectorApi, id: string, length: number): ReadableBytes {
  return {
    length,
    read: (offset, wanted) => api.request('sessions.read', { id, offset, length: Math.min(MAX_FILE_READ, wanted) }),
  };
}

/** The local time as it can stand in a file's name: `2026-11-29-1807`. */
function moment(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  return `${day}-${two(now.getHours())}${two(now.getMinutes())}`;
}
