import { Download } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement, SubmitEvent } from 'react';
import { notify } from '../../store/session-store.ts';
import { CheckRow } from '../common/form-rows.tsx';
import { Sheet } from '../common/sheet.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { exportHar } from './take-file.ts';
import './sessions-sheet.css';

/** Exports the selected requests as an HTTP Archive: a file that is downloaded, or whose place the desktop asks for. */
export function ExportSheet(): ReactElement {
  const t = useT();
  const { api, session, ui } = useInspector();
  const ids = useUi((state) => state.exported) ?? [];
  const [open, setOpen] = useState(true);
  const [secrets, setSecrets] = useState(false);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setBusy(true);
    setError('');
    void exportHar(api, { only: ids, secrets }, new Date()).then((result) => {
      setBusy(false);
      if ('problem' in result) return setError(result.problem);
      setOpen(false);
      const requests = t('sessions.requests', { count: result.exchanges });
      return notify(session, 'info', t('sessions.exported', { requests, name: result.name }));
    });
  };

  return (
    <Sheet
      title={t('sessions.exportTitle', { requests: t('sessions.requests', { count: ids.length }) })}
      open={open}
      onClose={() => ui.setState({ exported: null })}
    >
      <form onSubmit={submit}>
        <CheckRow
          label={t('sessions.withSecrets')}
          note={t('sessions.withSecretsNote')}
          on={secrets}
          onChange={setSecrets}
        />
        <p className="field-error" role="alert">
          {error}
        </p>
        <footer className="sheet-actions">
          <button type="button" className="button" onClick={() => setOpen(false)}>
            {t('common.cancel')}
          </button>
          <button type="submit" className="button" data-kind="primary" data-focus-first disabled={busy}>
            <Download className="icon icon-small" />
            {busy ? t('sessions.exporting') : t('sessions.export')}
          </button>
        </footer>
      </form>
    </Sheet>
  );
}
