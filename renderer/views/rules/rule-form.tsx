import { useState } from 'react';
import type { ReactElement } from 'react';
import { RULE_ACTIONS } from '../../../shared/rule-actions.ts';
import type { RuleActionType } from '../../../shared/rule-actions.ts';
import type { Rule } from '../../../shared/rules.ts';
import type { PlainKey } from '../../i18n/translate.ts';
import { DraftForm, useDraft } from '../common/draft-form.tsx';
import { Choice, TextRow } from '../common/form-rows.tsx';
import { useT } from '../inspector-context.tsx';
import { ActionFields } from './action-fields.tsx';
import { AnswerNote } from './answer-note.tsx';
import type { RuleBeginning } from './begin-rule.ts';
import { ruleOf } from './rule-draft.ts';
import { WhenField } from './when-field.tsx';

interface RuleFormProps {
  readonly title: string;
  readonly beginning: RuleBeginning;
  /** Resolves with what the engine has against it, or undefined. */
  readonly onSave: (rule: Rule) => Promise<string | undefined>;
  readonly onCancel: () => void;
}

/** What becomes of exchanges that are more than a request and its answer. */
const KINDS: Readonly<Record<RuleActionType, PlainKey>> = {
  ...{ answer: 'rules.kindsAnswer', file: 'rules.kindsAnswer', block: 'rules.kindsBlock', pause: 'rules.kindsRequest' },
  ...{ redirect: 'rules.kindsRequest', headers: 'rules.kindsRequest', delay: 'rules.kindsRequest' },
};

/** Edits one rule. Mistakes are told below the field they are in. */
export function RuleForm({ title, beginning, onSave, onCancel }: RuleFormProps): ReactElement {
  const t = useT();
  const { draft, errors, change, frame } = useDraft({
    initial: beginning.draft,
    make: (draft) => ruleOf(t, draft),
    onSave,
  });
  const [named] = useState(beginning.draft.name !== '');
  return (
    <DraftForm title={title} saveLabel={t('rules.save')} frame={frame} onCancel={onCancel}>
      {beginning.problem !== undefined && draft.does === 'answer' && (
        <AnswerNote
          problem={beginning.problem}
          fileName={beginning.fileName ?? 'body'}
          onFile={() => change({ does: 'file' })}
        />
      )}
      <TextRow
        label={t('rules.name')}
        value={draft.name}
        error={errors.name}
        placeholder={t('rules.nameExample')}
        focused={!named}
        onChange={(name) => change({ name })}
      />
      <WhenField
        value={draft.when}
        does={draft.does}
        refused={errors.when !== undefined}
        onChange={(when) => change({ when })}
      />
      <Choice
        label={t('rules.does')}
        value={draft.does}
        options={RULE_ACTIONS.map((does) => [does, t(`rules.does-${does}`)] as const)}
        note={t(KINDS[draft.does])}
        focused={named}
        onChange={(does) => change({ does })}
      />
      <ActionFields draft={draft} errors={errors} change={change} />
    </DraftForm>
  );
}
