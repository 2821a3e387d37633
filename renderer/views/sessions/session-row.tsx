import { Download, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement, SubmitEvent } from 'react';
import type { SessionEntry } from '../../../shared/session-contract.ts';
import { MAX_SESSION_NAME } from '../../../shared/session-contract.ts';
import { notify } from '../../store/session-store.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { openSession } from './open-session.ts';
import { sessionFacts } from './session-words.ts';
import { downloadSession } from './take-file.ts';

interface SessionRowProps {
  readonly entry: SessionEntry;
  /** Whether a session is being saved or opened. */
  readonly busy: boolean;
  readonly onOpened: () => void;
}

/** A session with what can be done with it; renaming and deleting take its place while they are asked about. */
export function SessionRow({ entry, busy, onOpened }: SessionRowProps): ReactElement {
  const t = useT();
  const inspector = useInspector();
  const [asked, setAsked] = useState<'rename' | 'delete' | undefined>();
  const done = (): void => setAsked(undefined);
  const { name, problem } = entry;
  const disabled = busy || problem !== undefined;
  const open = (how: 'open' | 'merge'): void => {
    void openSession(inspector, entry, how).then((worked) => worked && onOpened());
  };

  const download = async (): Promise<void> => {
    const failure = await downloadSession(inspector.api, entry);
    if (failure !== undefined) notify(inspector.session, 'error', failure);
  };

  if (asked === 'rename') return <RenameRow entry={entry} onDone={done} />;
  if (asked === 'delete') return <DeleteRow entry={entry} onDone={done} />;
  return (
    <li className="session">
      <div className="session-words">
        <strong>{name}</strong>
        <span className="session-facts">{sessionFacts(t, entry)}</span>
        {problem !== undefined && <span className="session-problem">{problem}</span>}
      </div>
      <button
        type="button"
        className="button"
        disabled={disabled}
        aria-label={t('sessions.openNamed', { name })}
        onClick={() => open('open')}
      >
        {t('sessions.open')}
      </button>
      <Hint text={t('sessions.addHint')}>
        <button
          type="button"
          className="button"
          data-kind="quiet"
          disabled={disabled}
          aria-label={t('sessions.addNamed', { name })}
          onClick={() => open('merge')}
        >
          {t('sessions.add')}
        </button>
      </Hint>
      {entry.kind !== 'run' && (
        <Hint text={t('sessions.download')}>
          <button
            type="button"
            className="icon-button"
            aria-label={t('sessions.downloadNamed', { name })}
            onClick={() => void download()}
          >
            <Download className="icon icon-small" />
          </button>
        </Hint>
      )}
      <Hint text={entry.kind === 'run' ? t('sessions.keepHint') : t('sessions.rename')}>
        <button
          type="button"
          className="icon-button"
          disabled={disabled}
          aria-label={t('sessions.renameNamed', { name })}
          onClick={() => setAsked('rename')}
        >
          <Pencil className="icon icon-small" />
        </button>
      </Hint>
      <Hint text={t('sessions.delete')}>
        <button
          type="button"
          className="icon-button"
          aria-label={t('sessions.deleteNamed', { name })}
          onClick={() => setAsked('delete')}
        >
          <Trash2 className="icon icon-small" />
        </button>
      </Hint>
    </li>
  );
}

interface AskedRowProps {
  readonly entry: SessionEntry;
  readonly onDone: () => void;
}

function RenameRow({ entry, onDone }: AskedRowProps): ReactElement {
  const t = useT();
  const { api } = useInspector();
  const [name, setName] = useState(entry.kind === 'run' ? '' : entry.name);
  const [error, setError] = useState('');

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void api.request('sessions.rename', { id: entry.id, name }).then((answer) => {
      if (answer.ok) onDone();
      else setError(answer.error.message);
    });
  };

  return (
    <li>
      <form className="session" onSubmit={submit} noValidate>
        <input
          className="field session-words"
          aria-label={t('sessions.newName', { name: entry.name })}
          placeholder={entry.kind === 'run' ? t('sessions.nameToKeep') : t('sessions.name')}
          autoComplete="off"
          // The person has just asked to type here.
          autoFocus
          maxLength={MAX_SESSION_NAME}
          value={name}
          aria-invalid={error !== ''}
          onChange={({ target }) => {
            setName(target.value);
            setError('');
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            // Not for the sheet, which it would close.
            event.preventDefault();
            onDone();
          }}
        />
        <button type="submit" className="button" data-kind="primary" disabled={name.trim() === ''}>
          {entry.kind === 'run' ? t('sessions.keep') : t('sessions.rename')}
        </button>
        <button type="button" className="button" onClick={onDone}>
          {t('common.cancel')}
        </button>
        {error !== '' && (
          <p className="field-error session-error" role="alert">
            {error}
          </p>
        )}
      </form>
    </li>
  );
}

function DeleteRow({ entry, onDone }: AskedRowProps): ReactElement {
  const t = useT();
  const { api } = useInspector();
  const [error, setError] = useState('');

  const remove = (): void => {
    void api.request('sessions.delete', { id: entry.id }).then((answer) => {
      if (!answer.ok) setError(answer.error.message);
    });
  };

  return (
    <li className="session">
      <p className="session-words" role="alert">
        {error === '' ? t('sessions.deleteForGood', { name: entry.name }) : error}
      </p>
      <button type="button" className="button" data-kind="danger" onClick={remove}>
        <Trash2 className="icon icon-small" />
        {t('sessions.delete')}
      </button>
      <button type="button" className="button" autoFocus onClick={onDone}>
        {t('common.cancel')}
      </button>
    </li>
  );
}
