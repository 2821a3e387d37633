import type { ReactElement } from 'react';
import { DraftForm, useDraft } from '../common/draft-form.tsx';
import { TextRow } from '../common/form-rows.tsx';
import { userOf } from './user-draft.ts';
import type { User, UserDraft } from './user-draft.ts';
import { useT } from '../inspector-context.tsx';

interface UserFormProps {
  readonly title: string;
  /** Whose password changes; undefined for a new user. */
  readonly name: string | undefined;
  readonly others: readonly User[];
  /** Resolves with what the engine has against it, or undefined. */
  readonly onSave: (user: UserDraft) => Promise<string | undefined>;
  readonly onCancel: () => void;
}

/** Adds a user, or gives one another password. */
export function UserForm({ title, name, others, onSave, onCancel }: UserFormProps): ReactElement {
  const t = useT();
  const { draft, errors, change, frame } = useDraft({
    initial: { name: name ?? '', password: '' },
    make: (made: UserDraft) => userOf(t, made, others),
    onSave,
  });
  return (
    <DraftForm title={title} frame={frame} onCancel={onCancel}>
      {name === undefined && (
        <TextRow
          label={t('routing.userName')}
          value={draft.name}
          error={errors.name}
          focused
          onChange={(text) => change({ name: text })}
        />
      )}
      <TextRow
        label={t('routing.password')}
        value={draft.password}
        error={errors.password}
        note={t('routing.passwordNote')}
        secret
        focused={name !== undefined}
        onChange={(password) => change({ password })}
      />
    </DraftForm>
  );
}
