import { fold } from '../../../shared/exchange-view.ts';
import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import { curlCommand } from '../../format/curl-command.ts';
import type { Inspector } from '../../store/inspector.ts';
import { notify } from '../../store/session-store.ts';
import { openEntry } from '../../store/ui-store.ts';

/** Copies the URLs of `ids`, a line for each. */
export async function copyUrls(inspector: Inspector, ids: readonly number[]): Promise<void> {
  await copy(inspector, ids.flatMap((id) => inspector.index.get(id)?.url ?? []).join('\n'));
}

/** Copies a command line for curl that sends the request again. */
export async function copyCurl(inspector: Inspector, row: ExchangeRow): Promise<void> {
  const answer = await inspector.api.request('exchange.read', { id: row.id });
  if (!answer.ok) notify(inspector.session, 'error', answer.error.message);
  else await copy(inspector, curlCommand(row.method, row.url, fold(answer.value.events)?.request.headers ?? []));
}

/** Shows the stored response that answers requests like this one. */
export async function openStored({ api, ui, session, language }: Inspector, { id }: ExchangeRow): Promise<void> {
  const answer = await api.request('cache.entryOf', { exchange: id });
  if (!answer.ok) notify(session, 'error', answer.error.message);
  else if (answer.value.id === null) notify(session, 'info', language.getState().t('list.nothingStored'));
  else openEntry(ui, answer.value.id);
}

/** Pins what is selected, or takes the pins away when all of it has one. */
export function togglePin({ ui, annotations }: Inspector): void {
  const ids = [...ui.getState().selection];
  annotations.change(ids, { pinned: !ids.every((id) => annotations.get(id)?.pinned === true) });
}

async function copy({ session, language }: Inspector, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    notify(session, 'error', language.getState().t('list.notCopied', { reason }));
  }
}
