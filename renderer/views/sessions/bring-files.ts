import { messageOf } from '../../../shared/message-of.ts';
import type { InspectorApi } from '../../../shared/contract.ts';
import { MAX_UPLOAD_PIECE } from '../../../shared/session-contract.ts';
import type { KeptFile } from '../../../shared/session-contract.ts';
import type { Inspector } from '../../store/inspector.ts';
import { notify, notifyBusy } from '../../store/session-store.ts';
import { openSession } from './open-session.ts';

/** Hands files to the host, one after the other, and adds what each of them recorded to the list. Never rejects. */
export async function bringFiles(inspector: Inspector, files: readonly File[]): Promise<void> {
  for (const file of files) await bringFile(inspector, file);
}

async function bringFile(inspector: Inspector, file: File): Promise<void> {
  const { api, session, ui, language } = inspector;
  const { t } = language.getState();
  const { name } = file;
  if (!/\.(?:hopscope|har)$/i.test(name)) {
    notify(session, 'error', t('sessions.otherKind', { name }));
    return;
  }
  // How far it is, and the way to stop it, would lie under the sheet.
  ui.setState({ sessionsOpen: false });
  const stop = new AbortController();
  const cancel = { label: t('common.cancel'), run: () => stop.abort() };
  const busy = notifyBusy(session, t('sessions.bringing', { name }), cancel);
  const kept = await upload(api, file, busy.progress, stop.signal);
  if (kept === 'stopped') notify(session, 'info', t('sessions.notBrought', { name }));
  else if ('problem' in kept) notify(session, 'error', t('desktop.notOpened', { name, reason: kept.problem }));
  else {
    busy.progress();
    // The person has it still, and the host's list is not for what it cannot read.
    if (!(await openSession(inspector, kept, 'merge'))) await api.request('sessions.delete', { id: kept.id });
  }
  busy.over();
}

/** Hands a file to the host piece by piece; resolves with the session that it is there, or with what went wrong. */
async function upload(
  api: InspectorApi,
  file: File,
  progress: (done: number) => void,
  stop: AbortSignal,
): Promise<KeptFile | 'stopped' | { readonly problem: string }> {
  const begun = await api.request('sessions.beginUpload', { name: file.name, bytes: file.size });
  if (!begun.ok) return { problem: begun.error.message };
  const { id } = begun.value;
  try {
    for (let offset = 0; offset < file.size; offset += MAX_UPLOAD_PIECE) {
      const base64 = await base64Of(file.slice(offset, offset + MAX_UPLOAD_PIECE));
      const written = await api.request('sessions.writeUpload', { id, offset, base64 });
      if (!written.ok) return { problem: written.error.message };
      progress(Math.min(1, (offset + MAX_UPLOAD_PIECE) / file.size));
      if (stop.aborted) {
        await api.request('sessions.delete', { id });
        return 'stopped';
      }
    }
  } catch (error) {
    // It is gone, changed or a folder: the browser says which.
    await api.request('sessions.delete', { id });
    return { problem: messageOf(error) };
  }
  const ended = await api.request('sessions.endUpload', { id });
  return ended.ok ? ended.value : { problem: ended.error.message };
}

/** Rejects with the browser's own error when the bytes cannot be read. */
function base64Of(bytes: Blob): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.onload = () => {
    // A data URL, by what was asked for.
    const url = reader.result as string;
    resolve(url.slice(url.indexOf(',') + 1));
  };
  reader.onerror = () => reject(reader.error ?? new Error('The file cannot be read.'));
  reader.readAsDataURL(bytes);
  return promise;
}
