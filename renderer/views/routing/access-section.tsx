import { KeyRound, Plus, Trash2, UserRound } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { visibleText } from '../../format/visible-text.ts';
import { useKeptFocus } from '../common/use-kept-focus.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import { LineEditor } from './line-editor.tsx';
import { accessWords } from './user-draft.ts';
import type { UserDraft } from './user-draft.ts';
import { UserForm } from './user-form.tsx';

/** Who may use the proxy. */
export function AccessSection({ settings }: { readonly settings: Settings }): ReactElement {
  const t = useT();
  const { api, updateSettings, changeSettings } = useInspector();
  const root = useKeptFocus();
  const { users, allow, hosts } = settings.access;
  /** The name of the one in the form; empty for a new one. */
  const [editing, setEditing] = useState<string>();
  const edited = users.find(({ name }) => name === editing);

  const save = async ({ name, password }: UserDraft): Promise<string | undefined> => {
    const hashed = await api.request('access.hash', { password });
    if (!hashed.ok) return hashed.error.message;
    const user = { name, password: hashed.value.hash };
    const list = edited === undefined ? [...users, user] : users.map((one) => (one === edited ? user : one));
    const answer = await updateSettings({ access: { users: list } });
    if (!answer.ok) return answer.error.message;
    setEditing(undefined);
    return undefined;
  };

  return (
    <section className="rules-section" ref={root}>
      <header className="rules-head">
        <h2>{t('routing.whoMayUse')}</h2>
        <button
          type="button"
          className="button"
          data-focus-heir
          disabled={editing !== undefined}
          onClick={() => setEditing('')}
        >
          <Plus className="icon icon-small" />
          {t('routing.addUser')}
        </button>
      </header>
      <p className="rules-lead">{accessWords(t, settings.access)}</p>
      <ul className="routing-list routing-users">
        {users.map((user) => (
          <li key={user.name} className="routing-item">
            <UserRound className="icon" aria-hidden="true" />
            <span className="routing-text">
              <strong>{visibleText(user.name)}</strong>
            </span>
            <button
              type="button"
              className="button"
              disabled={editing !== undefined}
              onClick={() => setEditing(user.name)}
            >
              <KeyRound className="icon icon-small" />
              {t('routing.changePassword')}
            </button>
            <button
              type="button"
              className="icon-button"
              data-removes
              aria-label={t('routing.delete', { name: user.name })}
              disabled={editing !== undefined}
              onClick={() => void changeSettings({ access: { users: users.filter((one) => one !== user) } })}
            >
              <Trash2 className="icon icon-small" />
            </button>
          </li>
        ))}
      </ul>
      {editing !== undefined && (
        <UserForm
          key={editing}
          title={
            edited === undefined
              ? t('routing.newUser')
              : t('routing.anotherPassword', { name: visibleText(edited.name) })
          }
          name={edited?.name}
          others={users.filter((one) => one !== edited)}
          onSave={save}
          onCancel={() => setEditing(undefined)}
        />
      )}
      <LineEditor
        label={t('routing.allowed')}
        note={t('routing.allowedNote')}
        placeholder={'127.0.0.1\n192.168/16'}
        saved={allow}
        patchOf={(lines) => ({ access: { allow: lines } })}
      />
      <LineEditor
        label={t('routing.names')}
        note={t('routing.namesNote')}
        placeholder="dev-box.tail.net"
        saved={hosts}
        patchOf={(lines) => ({ access: { hosts: lines } })}
      />
    </section>
  );
}
