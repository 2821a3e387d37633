import { Save } from 'lucide-react';
import { useId, useState } from 'react';
import type { ReactElement, SubmitEvent } from 'react';
import { MAX_SESSION_NAME } from '../../../shared/session-contract.ts';
import { notify } from '../../store/session-store.ts';
import { useInspector, useT, useTrace } from '../inspector-context.tsx';

/** The form that saves what is recorded under a name. Refusals are told below it. */
export function SaveSession(): ReactElement {
  const t = useT();
  const { api, session } = useInspector();
  const total = useTrace((state) => state.counts.total);
  const [name, setName] = useState('');
  const [format, setFormat] = useState<'hopscope' | 'har'>('hopscope');
  const [error, setError] = useState('');
  const [saving, setSaving] = useState(false);
  const id = useId();
  const empty = total === 0;

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return setError(t('sessions.needsName'));
    setSaving(true);
    void api.request('sessions.save', { name, format }).then((answer) => {
      setSaving(false);
      if (!answer.ok) return setError(answer.error.message);
      setName('');
      const { exchanges, name: saved } = answer.value;
      const requests = t('sessions.requests', { count: exchanges });
      return notify(session, 'info', t('sessions.saved', { requests, name: saved }));
    });
  };

  return (
    <form className="save-session" onSubmit={submit} noValidate>
      <label htmlFor={`${id}-name`} className="sessions-title">
        {empty
          ? t('sessions.nothingRecorded')
          : t('sessions.saveListed', { requests: t('sessions.requests', { count: total }) })}
      </label>
      <div className="save-session-row">
        <input
          id={`${id}-name`}
          className="field"
          data-focus-first
          placeholder={t('sessions.nameExample')}
          autoComplete="off"
          maxLength={MAX_SESSION_NAME}
          disabled={empty}
          value={name}
          aria-invalid={error !== ''}
          aria-describedby={`${id}-error`}
          onChange={({ target }) => {
            setName(target.value);
            setError('');
          }}
        />
        <select
          className="field"
          aria-label={t('sessions.format')}
          disabled={empty}
          value={format}
          onChange={({ target }) => setFormat(target.value === 'har' ? 'har' : 'hopscope')}
        >
          <option value="hopscope">{t('sessions.formatHopscope')}</option>
          <option value="har">{t('sessions.formatHar')}</option>
        </select>
        <button type="submit" className="button" data-kind="primary" disabled={empty || saving}>
          <Save className="icon icon-small" />
          {saving ? t('sessions.saving') : t('common.save')}
        </button>
      </div>
      <p id={`${id}-error`} className="field-error" role="alert">
        {error}
      </p>
    </form>
  );
}
