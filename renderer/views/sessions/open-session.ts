import type { SessionEntry } from '../../../shared/session-contract.ts';
import type { Inspector } from '../../store/inspector.ts';
import { notify } from '../../store/session-store.ts';
import { requestCount } from './session-words.ts';

/** Opens a session instead of what is listed, or adds it, and says what came of it. Says whether it worked. */
export async function openSession(
  { api, session, ui }: Inspector,
  { id, name }: SessionEntry,
  how: 'open' | 'merge',
): Promise<boolean> {
  if (how === 'open') ui.setState({ selectedId: null });
  const answer = await api.request(how === 'open' ? 'sessions.open' : 'sessions.merge', { id });
  if (!answer.ok) {
    notify(session, 'error', answer.error.message);
    return false;
  }
  const { imported, lost, problem } = answer.value;
  notify(session, 'info', `${requestCount(imported)} ${how === 'open' ? 'opened' : 'added'} from “${name}”.`);
  if (lost > 0) notify(session, 'error', `${requestCount(lost)} of “${name}” could not be read.`);
  if (problem !== undefined) notify(session, 'error', `“${name}”: ${problem}`);
  return true;
}
