import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement, SubmitEvent } from 'react';
import type { SessionEntry } from '../../../shared/session-contract.ts';
import { MAX_SESSION_NAME } from '../../../shared/session-contract.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector } from '../inspector-context.tsx';
import { openSession } from './open-session.ts';
import { sessionFacts } from './session-words.ts';

interface SessionRowProps {
  readonly entry: SessionEntry;
  /** Whether a session is being saved or opened. */
  readonly busy: boolean;
  readonly onOpened: () => void;
}

/** A session with what can be done with it; renaming and deleting take its place while they are asked about. */
export function SessionRow({ entry, busy, onOpened }: SessionRowProps): ReactElement {
  const inspector = useInspector();
  const [asked, setAsked] = useState<'rename' | 'delete' | undefined>();
  const done = (): void => setAsked(undefined);
  const { name, problem } = entry;
  const disabled = busy || problem !== undefined;
  const open = (how: 'open' | 'merge'): void => {
    void openSession(inspector, entry, how).then((worked) => worked && onOpened());
  };

  if (asked === 'rename') return <RenameRow entry={entry} onDone={done} />;
  if (asked === 'delete') return <DeleteRow entry={entry} onDone={done} />;
  return (
    <li className="session">
      <div className="session-words">
        <strong>{name}</strong>
        <span className="session-facts">{sessionFacts(entry)}</span>
        {problem !== undefined && <span className="session-problem">{problem}</span>}
      </div>
      <button
        type="button"
        className="button"
        disabled={disabled}
        aria-label={`Open ${name}`}
        onClick={() => open('open')}
      >
        Open
      </button>
      <Hint text="Add it to what is listed">
        <button
          type="button"
          className="button"
          data-kind="quiet"
          disabled={disabled}
          aria-label={`Add ${name} to what is listed`}
          onClick={() => open('merge')}
        >
          Add
        </button>
      </Hint>
      <Hint text={entry.kind === 'run' ? 'Name it, and keep it for good' : 'Rename'}>
        <button
          type="button"
          className="icon-button"
          disabled={disabled}
          aria-label={`Rename ${name}`}
          onClick={() => setAsked('rename')}
        >
          <Pencil className="icon icon-small" />
        </button>
      </Hint>
      <Hint text="Delete">
        <button type="button" className="icon-button" aria-label={`Delete ${name}`} onClick={() => setAsked('delete')}>
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
          aria-label={`New name of ${entry.name}`}
          placeholder={entry.kind === 'run' ? 'Name, to keep it for good' : 'Name'}
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
          {entry.kind === 'run' ? 'Keep' : 'Rename'}
        </button>
        <button type="button" className="button" onClick={onDone}>
          Cancel
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
        {error === '' ? `Delete “${entry.name}” for good?` : error}
      </p>
      <button type="button" className="button" data-kind="danger" onClick={remove}>
        <Trash2 className="icon icon-small" />
        Delete
      </button>
      <button type="button" className="button" autoFocus onClick={onDone}>
        Cancel
      </button>
    </li>
  );
}
