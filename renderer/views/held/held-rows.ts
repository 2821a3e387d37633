import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import type { ReleaseOrder } from '../../../shared/rules-contract.ts';
import type { Inspector } from '../../store/inspector.ts';
import { notify } from '../../store/session-store.ts';
import { openExchange } from '../../store/ui-store.ts';
import { focusRequestList } from '../request-list/focus-list.ts';

/** The form in which what is paused is edited. */
export const HELD_FORM_ID = 'held-form';

/** The row that the details are about. */
export function selectedRow({ ui, index }: Inspector): ExchangeRow | undefined {
  const { selectedId } = ui.getState();
  return selectedId === null ? undefined : index.get(selectedId);
}

/** Selects the next paused row behind the selected one, or the first, and has the keyboard go to its editor. */
export function nextPaused({ ui, index }: Inspector): void {
  const from = ui.getState().selectedId ?? 0;
  const paused = [...index.rows()].filter(({ held }) => held !== undefined);
  const next = paused.find(({ id }) => id > from) ?? paused[0];
  if (next === undefined) return;
  openExchange(ui, next.id);
  ui.setState({ compared: null, pauseAside: null, focusDetails: true });
}

/** Lets the selected one go on: with the changes of its editor, where that is shown. */
export async function continueSelected(inspector: Inspector): Promise<void> {
  const form = document.querySelector<HTMLFormElement>(`#${HELD_FORM_ID}`);
  if (form !== null) {
    form.requestSubmit();
    return;
  }
  const row = selectedRow(inspector);
  if (row === undefined) return;
  const refusal = await release(inspector, row.id, { type: 'continue' });
  if (refusal !== undefined) notify(inspector.session, 'error', refusal);
}

/** Lets all of them go on as they are, and says how many. */
export async function continueAll({ api, session, language }: Inspector): Promise<void> {
  const answer = await api.request('exchanges.releaseAll', undefined);
  const { t } = language.getState();
  if (answer.ok) notify(session, 'info', t('held.resumed', { count: answer.value.released }));
  else notify(session, 'error', answer.error.message);
}

/**
 * Lets one go on, or ends it; resolves with what the engine has against it, or undefined. The editor that had the keyboard
 * goes with it, so the keyboard comes back to the list.
 */
export async function release({ api }: Inspector, id: number, order: ReleaseOrder): Promise<string | undefined> {
  const answer = await api.request('exchange.release', { id, order });
  if (!answer.ok) return answer.error.message;
  focusRequestList();
  return undefined;
}
