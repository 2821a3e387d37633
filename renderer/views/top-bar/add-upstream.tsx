import { Plus } from 'lucide-react';
import { useId, useState } from 'react';
import type { ReactElement, SubmitEvent } from 'react';
import type { Upstream } from '../../../shared/settings-routes.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import { newUpstream } from './new-upstream.ts';

interface AddUpstreamProps {
  readonly upstreams: readonly Upstream[];
  readonly onAdded: () => void;
}

/** The form that adds an upstream and makes it the active one. Mistakes are told below the field they are in. */
export function AddUpstream({ upstreams, onAdded }: AddUpstreamProps): ReactElement {
  const { updateSettings } = useInspector();
  const t = useT();
  const [url, setUrl] = useState('');
  const [label, setLabel] = useState('');
  const [error, setError] = useState('');
  const [saving, setSaving] = useState(false);
  const errorId = useId();

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const made = newUpstream(t, url, label, upstreams);
    if (!made.ok) {
      setError(made.error);
      return;
    }
    setSaving(true);
    void updateSettings({ upstreams: [...upstreams, made.upstream], activeUpstream: made.upstream.id }).then(
      (answer) => {
        setSaving(false);
        if (answer.ok) onAdded();
        else setError(answer.error.message);
      },
    );
  };

  return (
    <form className="add-upstream" onSubmit={submit} noValidate>
      <h2>{t('topBar.addUpstream')}</h2>
      <input
        className="field add-upstream-url"
        aria-label={t('topBar.url')}
        placeholder="http://localhost:3000"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        value={url}
        aria-invalid={error !== ''}
        aria-describedby={errorId}
        onChange={(event) => {
          setUrl(event.target.value);
          setError('');
        }}
      />
      <input
        className="field"
        aria-label={t('topBar.nameOptional')}
        placeholder={t('topBar.namePlaceholder')}
        autoComplete="off"
        maxLength={80}
        value={label}
        onChange={(event) => setLabel(event.target.value)}
      />
      <button type="submit" className="button" data-kind="primary" disabled={saving}>
        <Plus className="icon icon-small" />
        {t('topBar.add')}
      </button>
      <p id={errorId} className="field-error" role="alert">
        {error}
      </p>
    </form>
  );
}
