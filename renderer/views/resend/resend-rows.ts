import { NO_REQUEST } from '../../../shared/resend-contract.ts';
import type { ResendOrder } from '../../../shared/resend-contract.ts';
import type { Inspector } from '../../store/inspector.ts';
import type { RepeatTally } from './repeat-request.ts';
import { notify } from '../../store/session-store.ts';
import { openExchange } from '../../store/ui-store.ts';

/** Requests that are sent again at one wish: more selected ones are rather a mistake. */
export const MOST_RESENT = 100;

/** Sends the requests of `ids` again, one after the other; notices tell how that went. */
export async function resendRows(
  inspector: Inspector,
  ids: readonly number[],
  { pastCache = false }: { readonly pastCache?: boolean } = {},
): Promise<void> {
  const { api, session, ui, language } = inspector;
  const { t } = language.getState();
  if (ids.length > MOST_RESENT) return notify(session, 'info', t('resend.tooMany', { count: MOST_RESENT }));
  const refusals = new Set<string>();
  let sent = 0;
  let last = 0;
  for (const id of ids.toSorted((a, b) => a - b)) {
    const answer = await api.request('exchange.resend', { id, pastCache });
    if (answer.ok) {
      sent++;
      last = answer.value.id;
    } else refusals.add(answer.error.message);
  }
  for (const reason of refusals) notify(session, 'error', t('resend.refused', { reason }));
  if (ids.length === 1 && sent === 1) showResent(inspector, last);
  else if (sent > 0) {
    const show = { label: t('resend.showLast'), run: () => openExchange(ui, last) };
    notify(session, 'info', t('resend.sent', { count: sent }), show);
  }
}

/** Says what came of sending a request again and again. */
export function tellRepeated({ session, ui, language }: Inspector, { ended, failed, last }: RepeatTally): void {
  const { t } = language.getState();
  if (ended === 0) return;
  const show = { label: t('resend.showLast'), run: () => openExchange(ui, last) };
  notify(session, 'info', t('resend.sent', { count: ended }), show);
  if (failed > 0) notify(session, 'error', t('resend.repeatedFailed', { count: failed }));
}

/** Sends one request as it was edited; resolves with what the engine has against it, or undefined. */
export async function resendEdited(inspector: Inspector, order: ResendOrder): Promise<string | undefined> {
  const answer = await inspector.api.request('exchange.resend', order);
  if (!answer.ok) return answer.error.message;
  showResent(inspector, answer.value.id);
  return undefined;
}

/**
 * Opens a sheet about sending the request again: the one in which it can be edited, or the one that asks how often. Tells why
 * where it cannot be sent again.
 */
export function openResend(
  { ui, index, session, language }: Inspector,
  id: number,
  sheet: 'editedRequest' | 'repeatedRequest',
): void {
  const kind = index.get(id)?.kind ?? 'http';
  if (kind === 'http') ui.setState({ [sheet]: id });
  else notify(session, 'info', language.getState().t.said(NO_REQUEST[kind]));
}

function showResent({ ui, session, language }: Inspector, id: number): void {
  if (session.getState().settings?.record.paused === true) {
    notify(session, 'info', language.getState().t('resend.notListed'));
  } else ui.setState({ page: 'traffic', selectedId: id });
}
