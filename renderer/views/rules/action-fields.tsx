import type { ReactElement } from 'react';
import { useT } from '../inspector-context.tsx';
import { Choice, TextRow } from '../common/form-rows.tsx';
import type { ChangesDraft, RuleDraft, RuleErrors } from './rule-draft.ts';

interface ActionFieldsProps {
  readonly draft: RuleDraft;
  readonly errors: RuleErrors;
  readonly change: (part: Partial<RuleDraft>) => void;
}

/** What an action needs to know. */
export function ActionFields({ draft, errors, change }: ActionFieldsProps): ReactElement {
  const t = useT();
  switch (draft.does) {
    case 'answer':
      return <AnswerFields draft={draft} errors={errors} change={change} />;
    case 'file':
      return (
        <TextRow
          label={t('rules.path')}
          value={draft.path}
          error={errors.path}
          placeholder="/home/ann/shop/dist"
          note={t('rules.pathNote')}
          onChange={(path) => change({ path })}
        />
      );
    case 'redirect':
      return (
        <TextRow
          label={t('rules.to')}
          value={draft.to}
          error={errors.to}
          placeholder="http://127.0.0.1:3000"
          note={t('rules.toNote')}
          onChange={(to) => change({ to })}
        />
      );
    case 'headers':
      return (
        <>
          <ChangesFields
            side="request"
            draft={draft.request}
            errors={errors}
            change={(request) => change({ request })}
          />
          <ChangesFields
            side="response"
            draft={draft.response}
            errors={errors}
            change={(response) => change({ response })}
          />
        </>
      );
    case 'delay':
      return (
        <TextRow
          label={t('rules.ms')}
          value={draft.ms}
          error={errors.ms}
          note={t('rules.msNote')}
          numeric
          onChange={(ms) => change({ ms })}
        />
      );
    case 'block':
      return (
        <Choice
          label={t('rules.how')}
          value={draft.how}
          options={[
            ['refuse', t('rules.how-refuse')],
            ['close', t('rules.how-close')],
          ]}
          onChange={(how) => change({ how })}
        />
      );
    case 'pause':
      return (
        <Choice
          label={t('rules.at')}
          value={draft.at}
          options={[
            ['request', t('rules.at-request')],
            ['response', t('rules.at-response')],
            ['both', t('rules.at-both')],
          ]}
          note={t('rules.pauseNote')}
          onChange={(at) => change({ at })}
        />
      );
  }
}

function AnswerFields({ draft, errors, change }: ActionFieldsProps): ReactElement {
  const t = useT();
  return (
    <>
      <TextRow
        label={t('rules.status')}
        value={draft.status}
        error={errors.status}
        numeric
        onChange={(status) => change({ status })}
      />
      <TextRow
        label={t('rules.fields')}
        value={draft.fields}
        error={errors.fields}
        placeholder="Content-Type: application/json"
        note={t('rules.fieldsNote')}
        lines={8}
        onChange={(fields) => change({ fields })}
      />
      <TextRow
        label={t('rules.body')}
        value={draft.body}
        error={errors.body}
        note={t('rules.bodyNote')}
        lines={18}
        onChange={(body) => change({ body })}
      />
    </>
  );
}

interface ChangesFieldsProps {
  readonly side: 'request' | 'response';
  readonly draft: ChangesDraft;
  readonly errors: RuleErrors;
  readonly change: (draft: ChangesDraft) => void;
}

/** What is changed in the fields of one message. */
function ChangesFields({ side, draft, errors, change }: ChangesFieldsProps): ReactElement {
  const t = useT();
  return (
    <>
      <TextRow
        label={t(`rules.set-${side}`)}
        value={draft.set}
        error={errors[`set-${side}`]}
        placeholder={side === 'request' ? 'X-Debug: 1' : 'Access-Control-Allow-Origin: *'}
        note={t('rules.setNote')}
        lines={8}
        onChange={(set) => change({ ...draft, set })}
      />
      <TextRow
        label={t(`rules.remove-${side}`)}
        value={draft.remove}
        error={errors[`remove-${side}`]}
        placeholder={side === 'request' ? 'If-None-Match' : 'Content-Security-Policy'}
        note={t('rules.removeNote')}
        onChange={(remove) => change({ ...draft, remove })}
      />
    </>
  );
}
