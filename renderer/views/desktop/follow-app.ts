import type { AppEvent, LinkWish } from '../../../shared/app-contract.ts';
import { COMMAND_IDS, isCommandId } from '../../../shared/commands.ts';
import { runCommand } from '../../commands/run-command.ts';
import type { Inspector } from '../../store/inspector.ts';
import { notify } from '../../store/session-store.ts';
import { noticeLines } from './app-notice.ts';

/**
 * Does what the application around the page asks for, until the returned function is called.
 * @param ask puts a link's wish before the person.
 */
export function followApp(inspector: Inspector, ask: (link: LinkWish) => void): () => void {
  const { api, app, language, session } = inspector;
  const take = (event: AppEvent): void => {
    if (event.kind === 'link') ask(event.link);
    else if (event.kind === 'command') command(inspector, event.id);
    else if (event.kind === 'update') app.setState({ update: event.update });
    else for (const { tone, text } of noticeLines(language.getState().t, event.notice)) notify(session, tone, text);
  };
  const greet = async (): Promise<void> => {
    const { t } = language.getState();
    const titles = Object.fromEntries(COMMAND_IDS.map((id) => [id, t(`commandTitles.${id}`)]));
    const answer = await api.request('app.hello', { language: t.language, titles });
    if (answer.ok) {
      const { host, update, events } = answer.value;
      app.setState({ host, update });
      events.forEach(take);
    }
    // Without an answer there is no connection, and that is told where it is known.
  };
  const ends = [
    api.on('app.event', take),
    api.onConnection((state) => {
      if (state === 'open') void greet();
    }),
    language.subscribe((state, before) => {
      if (state.t !== before.t) void greet();
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** From a menu, which does not know what the page shows: over a dialog nothing of the page is to be done. */
function command(inspector: Inspector, id: string): void {
  if (!isCommandId(id) || document.querySelector('dialog[open]') !== null) return;
  runCommand(id, { inspector, target: null });
}
