import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import type { LinkWish } from '../../../shared/app-contract.ts';
import { Rich } from '../../i18n/rich.tsx';
import type { Inspector } from '../../store/inspector.ts';
import { notify } from '../../store/session-store.ts';
import { Sheet } from '../common/sheet.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { openSession } from '../sessions/open-session.ts';
import { followApp } from './follow-app.ts';
import './link-sheet.css';

/** Listens to the application around the page, and asks the person before anything of a link happens. */
export function LinkSheet(): ReactElement {
  const inspector = useInspector();
  const t = useT();
  const [link, setLink] = useState<LinkWish | null>(null);
  useEffect(() => followApp(inspector, setLink), [inspector]);
  const close = (): void => setLink(null);

  return (
    <Sheet title={t('desktop.linkTitle')} open={link !== null} onClose={close}>
      <div className="link-sheet">
        <p>{t('desktop.linkLead')}</p>
        <ul>
          {link?.session !== undefined && (
            <li>
              <Rich
                of="desktop.linkSession"
                with={{ session: link.session, name: (text) => <strong>{text}</strong> }}
              />
            </li>
          )}
          {link?.filter !== undefined && (
            <li>
              <Rich of="desktop.linkFilter" with={{ filter: link.filter, code: (text) => <code>{text}</code> }} />
            </li>
          )}
        </ul>
        <div className="link-sheet-actions">
          <button type="button" className="button" onClick={close}>
            {t('desktop.linkCancel')}
          </button>
          <button
            type="button"
            className="button"
            data-kind="primary"
            onClick={() => {
              close();
              if (link !== null) void follow(inspector, link);
            }}
          >
            {t('desktop.linkGo')}
          </button>
        </div>
      </div>
    </Sheet>
  );
}

/** Does what a link wishes for, after the person has agreed. */
async function follow(inspector: Inspector, { session: name, filter }: LinkWish): Promise<void> {
  const { api, language, session, ui } = inspector;
  ui.setState({ page: 'traffic', compared: null, ...(filter === undefined ? {} : { filter }) });
  if (name === undefined) return;
  const answer = await api.request('sessions.list', undefined);
  if (!answer.ok) return notify(session, 'error', answer.error.message);
  const entry = answer.value.sessions.find((one) => one.name === name);
  if (entry === undefined) notify(session, 'error', language.getState().t('desktop.unknownSession', { name }));
  else await openSession(inspector, entry, 'merge');
}
