import type { EntryId } from '../../../shared/cache-contract.ts';
import { fold } from '../../../shared/exchange-view.ts';
import type { ExchangeRow, ExchangeView } from '../../../shared/exchange-view.ts';
import { requestHead, responseHead } from '../../format/message-head.ts';
import type { Inspector } from '../../store/inspector.ts';
import { notify } from '../../store/session-store.ts';
import { openEntry, openExchange } from '../../store/ui-store.ts';
import type { CopiedRequest } from './copied-request.ts';

/** Copies the URLs of `ids`, a line for each. */
export async function copyUrls(inspector: Inspector, ids: readonly number[]): Promise<void> {
  await copyText(inspector, ids.flatMap((id) => inspector.index.get(id)?.url ?? []).join('\n'));
}

/** The forms in which an exchange can be copied: its request to be sent again, and the heads of its messages. */
export type CopyForm = 'curl' | 'fetch' | 'request' | 'response';

/** Copies an exchange in one of these forms. */
export async function copyAs(inspector: Inspector, { id }: ExchangeRow, form: CopyForm): Promise<void> {
  const answer = await inspector.api.request('exchange.read', { id });
  if (!answer.ok) {
    notify(inspector.session, 'error', answer.error.message);
    return;
  }
  const view = fold(answer.value.events);
  const { t } = inspector.language.getState();
  const copied = view === undefined ? undefined : await inForm(inspector, view, form);
  if (copied === undefined) return notify(inspector.session, 'info', t('list.nothingToCopy'));
  await copyText(inspector, copied.text);
  if (copied.note !== undefined) notify(inspector.session, 'info', copied.note);
}

/** Undefined where the exchange lacks what the form needs. */
async function inForm(
  { api, language }: Inspector,
  view: ExchangeView,
  form: CopyForm,
): Promise<CopiedRequest | undefined> {
  if (form === 'curl' || form === 'fetch') {
    const { copiedRequest } = await import('./copied-request.ts');
    return copiedRequest(language.getState().t, api, view, form);
  }
  const text = form === 'request' ? requestHead(view) : responseHead(view);
  return text === undefined ? undefined : { text };
}

/** Shows the stored response that answers requests like this one. */
export async function openStored(inspector: Inspector, row: ExchangeRow): Promise<void> {
  const id = await storedFor(inspector, row);
  if (id !== undefined) openEntry(inspector.ui, id);
}

/** Forgets the stored response that answers requests like this one; it can be undone. */
export async function purgeStored(inspector: Inspector, row: ExchangeRow): Promise<void> {
  const id = await storedFor(inspector, row);
  if (id !== undefined) await inspector.purge({ id });
}

/** The entry that answers requests like this one; where there is none, a notice says so. */
async function storedFor({ api, session, language }: Inspector, { id }: ExchangeRow): Promise<EntryId | undefined> {
  const answer = await api.request('cache.entryOf', { exchange: id });
  if (answer.ok && answer.value.id !== null) return answer.value.id;
  if (answer.ok) notify(session, 'info', language.getState().t('list.nothingStored'));
  else notify(session, 'error', answer.error.message);
  return undefined;
}

/** Pins what is selected or strikes it out, or takes that back when all of it is so. */
export function toggleNote({ ui, annotations }: Inspector, note: 'pinned' | 'struck'): void {
  const ids = [...ui.getState().selection];
  annotations.change(ids, { [note]: !ids.every((id) => annotations.get(id)?.[note] === true) });
}

/** Selects these rows, of which the details show the first, unless they are about one of them; a notice tells where there are no others. */
export function selectRows({ ui, session, language }: Inspector, ids: readonly number[]): void {
  const { selectedId } = ui.getState();
  const [first] = ids.filter((id) => id !== selectedId);
  if (first === undefined) return notify(session, 'info', language.getState().t('list.noneSelected'));
  const stays = selectedId !== null && ids.includes(selectedId);
  ui.setState({ selectedId: stays ? selectedId : first, selection: new Set(ids) });
}

/** Goes to what caused the selected row, or to what it repeats. */
export function selectParent({ ui, index }: Inspector): void {
  const { selectedId } = ui.getState();
  const parent = selectedId === null ? undefined : index.get(selectedId)?.parent;
  if (parent !== undefined) openExchange(ui, parent);
}

/** Puts `text` on the clipboard; a notice tells where that is not possible. */
export async function copyText({ session, language }: Inspector, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    notify(session, 'error', language.getState().t('list.notCopied', { reason }));
  }
}
