import type { KeptFile } from '../../../shared/session-contract.ts';
import type { Inspector } from '../../store/inspector.ts';
import { notify } from '../../store/session-store.ts';

/** Opens a session instead of what is listed, or adds it, and says what came of it. Says whether it worked. */
export async function openSession(
  { api, session, ui, language }: Inspector,
  { id, name }: KeptFile,
  how: 'open' | 'merge',
): Promise<boolean> {
  if (how === 'open') ui.setState({ selectedId: null });
  const answer = await api.request(how === 'open' ? 'sessions.open' : 'sessions.merge', { id });
  const { t } = language.getState();
  if (!answer.ok) {
    notify(session, 'error', t('desktop.notOpened', { name, reason: answer.error.message }));
    return false;
  }
  const { imported, lost, problem } = answer.value;
  const requests = t('sessions.requests', { count: imported });
  notify(session, 'info', t(how === 'open' ? 'sessions.opened' : 'sessions.added', { requests, name }));
  if (lost > 0) {
    notify(session, 'error', t('sessions.lost', { requests: t('sessions.requests', { count: lost }), name }));
  }
  if (problem !== undefined) notify(session, 'error', t('sessions.problem', { name, problem }));
  return true;
}
