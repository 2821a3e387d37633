import { Save } from 'lucide-react';
import { useId, useState } from 'react';
import type { ReactElement, SubmitEvent } from 'react';
import { MAX_SESSION_NAME } from '../../../shared/session-contract.ts';
import { notify } from '../../store/session-store.ts';
import { useInspector, useTrace } from '../inspector-context.tsx';
import { requestCount } from './session-words.ts';

/** The form that saves what is recorded under a name. Refusals are told below it. */
export function SaveSession(): ReactElement {
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
    if (name.trim() === '') return setError('A session needs a name.');
    setSaving(true);
    void api.request('sessions.save', { name, format }).then((answer) => {
      setSaving(false);
      if (!answer.ok) return setError(answer.error.message);
      setName('');
      return notify(session, 'info', `${requestCount(answer.value.exchanges)} saved as “${name.trim()}”.`);
    });
  };

  return (
    <form className="save-session" onSubmit={submit} noValidate>
      <label htmlFor={`${id}-name`} className="sessions-title">
        {empty ? 'Nothing is recorded now' : `Save the ${requestCount(total)} that are listed`}
      </label>
      <div className="save-session-row">
        <input
          id={`${id}-name`}
          className="field"
          placeholder="Name, as in Checkout is slow"
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
          aria-label="File format"
          disabled={empty}
          value={format}
          onChange={({ target }) => setFormat(target.value === 'har' ? 'har' : 'hopscope')}
        >
          <option value="hopscope">.hopscope: everything</option>
          <option value="har">HAR: for other tools</option>
        </select>
        <button type="submit" className="button" data-kind="primary" disabled={empty || saving}>
          <Save className="icon icon-small" />
          {saving ? 'Saving…' : 'Save'}
        </button>
      </div>
      <p id={`${id}-error`} className="field-error" role="alert">
        {error}
      </p>
    </form>
  );
}
