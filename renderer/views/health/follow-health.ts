import type { FindingId } from '../../../shared/health-contract.ts';
import type { Inspector } from '../../store/inspector.ts';
import { notify } from '../../store/session-store.ts';

/** Asks again how Hopscope is. Without an answer what was known stays. */
export async function lookAtHealth({ api, app }: Inspector): Promise<void> {
  const answer = await api.request('health.get', undefined);
  if (answer.ok) app.setState({ health: answer.value });
}

/** Looks when there is an engine, and whenever something has changed that a finding may be about. */
export function followHealth(inspector: Inspector): () => void {
  const { api } = inspector;
  const look = (): void => void lookAtHealth(inspector);
  const ends = [
    api.onConnection((state) => {
      if (state === 'open') look();
    }),
    api.on('status.changed', look),
    api.on('systemProxy.changed', look),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Repairs what was found, says whether that worked, and looks again. */
export async function repair(inspector: Inspector, id: FindingId, port?: number): Promise<void> {
  const { api, language, session } = inspector;
  const { t } = language.getState();
  const answer = await api.request('health.repair', { id, ...(port === undefined ? {} : { port }) });
  if (answer.ok) notify(session, 'info', t('health.repaired'));
  else notify(session, 'error', t('health.failed', { reason: answer.error.message }));
  await lookAtHealth(inspector);
}
