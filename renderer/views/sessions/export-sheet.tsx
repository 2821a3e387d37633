import { Save } from 'lucide-react';
import { useId, useState } from 'react';
import type { ReactElement, SubmitEvent } from 'react';
import { MAX_SESSION_NAME } from '../../../shared/session-contract.ts';
import { notify } from '../../store/session-store.ts';
import { CheckRow } from '../common/form-rows.tsx';
import { Sheet } from '../common/sheet.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import './sessions-sheet.css';

/** Saves the selected requests as an HTTP Archive. Refusals are told below the name. */
export function ExportSheet(): ReactElement {
  const t = useT();
  const { api, session, ui } = useInspector();
  const ids = useUi((state) => state.exported) ?? [];
  const [open, setOpen] = useState(true);
  const [name, setName] = useState('');
  const [secrets, setSecrets] = useState(false);
  const [error, setError] = useState('');
  const [saving, setSaving] = useState(false);
  const id = useId();

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return setError(t('sessions.fileNeedsName'));
    setSaving(true);
    void api.request('sessions.save', { name, format: 'har', only: ids, secrets }).then((answer) => {
      setSaving(false);
      if (!answer.ok) return setError(answer.error.message);
      setOpen(false);
      const requests = t('sessions.requests', { count: answer.value.exchanges });
      const show = { label: t('sessions.showSessions'), run: () => ui.setState({ sessionsOpen: true }) };
      return notify(session, 'info', t('sessions.saved', { requests, name: name.trim() }), show);
    });
  };

  return (
    <Sheet
      title={t('sessions.exportTitle', { requests: t('sessions.requests', { count: ids.length }) })}
      open={open}
      onClose={() => ui.setState({ exported: null })}
    >
      <form noValidate onSubmit={submit}>
        <label htmlFor={`${id}-name`} className="sessions-title">
          {t('sessions.fileName')}
        </label>
        <input
          id={`${id}-name`}
          className="field export-name"
          data-focus-first
          autoComplete="off"
          maxLength={MAX_SESSION_NAME}
          value={name}
          aria-invalid={error !== ''}
          aria-describedby={`${id}-error`}
          onChange={({ target }) => {
            setName(target.value);
            setError('');
          }}
        />
        <p id={`${id}-error`} className="field-error" role="alert">
          {error}
        </p>
        <CheckRow
          label={t('sessions.withSecrets')}
          note={t('sessions.withSecretsNote')}
          on={secrets}
          onChange={setSecrets}
        />
        <footer className="sheet-actions">
          <button type="button" className="button" onClick={() => setOpen(false)}>
            {t('common.cancel')}
          </button>
          <button type="submit" className="button" data-kind="primary" disabled={saving}>
            <Save className="icon icon-small" />
            {saving ? t('sessions.saving') : t('common.save')}
          </button>
        </footer>
      </form>
    </Sheet>
  );
}
