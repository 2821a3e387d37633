import type { ReactElement } from 'react';
import { DraftForm, useDraft } from '../common/draft-form.tsx';
import { Choice, TextRow } from '../common/form-rows.tsx';
import { OVERLAY_FLAGS, ruleOf } from './overlay-draft.ts';
import type { DraftErrors, OverlayDraft, OverlayRule } from './overlay-draft.ts';
import { useT } from '../inspector-context.tsx';

interface OverlayFormProps {
  readonly title: string;
  readonly initial: OverlayDraft;
  /** Resolves with what the engine has against it, or undefined. */
  readonly onSave: (rule: OverlayRule) => Promise<string | undefined>;
  readonly onCancel: () => void;
}

/** Edits one rule. Mistakes are told below the field they are in, in the words of the settings' schema. */
export function OverlayForm({ title, initial, onSave, onCancel }: OverlayFormProps): ReactElement {
  const t = useT();
  const { draft, errors, change, frame } = useDraft({ initial, make: ruleOf, onSave });
  return (
    <DraftForm title={title} saveLabel={t('cacheRules.saveRule')} frame={frame} onCancel={onCancel}>
      <TextRow
        label={t('cacheRules.name')}
        value={draft.name}
        error={errors.name}
        placeholder={t('cacheRules.nameExample')}
        focused
        onChange={(name) => change({ name })}
      />
      <TextRow
        label={t('cacheRules.pattern')}
        value={draft.pattern}
        error={errors.pattern}
        placeholder="http://example.com/images/*"
        note={t('cacheRules.patternNote')}
        onChange={(pattern) => change({ pattern })}
      />
      <Choice
        label={t('cacheRules.use')}
        value={draft.use}
        options={[
          ['normal', t('cacheRules.useNormal')],
          ['revalidate', t('cacheRules.useRevalidate')],
          ['never', t('cacheRules.useNever')],
        ]}
        onChange={(use) => change({ use })}
      />
      {draft.use !== 'never' && <StoringRows draft={draft} errors={errors} change={change} />}
    </DraftForm>
  );
}

interface StoringRowsProps {
  readonly draft: OverlayDraft;
  readonly errors: DraftErrors;
  readonly change: (part: Partial<OverlayDraft>) => void;
}

/** What matters only where something may be stored. */
function StoringRows({ draft, errors, change }: StoringRowsProps): ReactElement {
  const t = useT();
  return (
    <>
      <Choice
        label={t('cacheRules.lifetime')}
        value={draft.lifetime}
        options={[
          ['sent', t('cacheRules.lifetimeSent')],
          ['least', t('cacheRules.lifetimeLeast')],
          ['fixed', t('cacheRules.lifetimeFixed')],
        ]}
        onChange={(lifetime) => change({ lifetime })}
      />
      {draft.lifetime !== 'sent' && (
        <TextRow
          label={t('cacheRules.seconds')}
          value={draft.seconds}
          error={errors.seconds}
          numeric
          onChange={(seconds) => change({ seconds })}
        />
      )}
      <fieldset className="overlay-flags">
        <legend>{t('cacheRules.forbidden')}</legend>
        {OVERLAY_FLAGS.map((flag) => (
          <label key={flag} className="check">
            <input
              type="checkbox"
              checked={draft.flags.includes(flag)}
              onChange={({ target }) => {
                const others = draft.flags.filter((other) => other !== flag);
                change({ flags: target.checked ? [...others, flag] : others });
              }}
            />
            <span>
              {t(`cacheRules.${flag}`)}
              <span className="section-note">{t(`cacheRules.${flag}Note`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Choice
        label={t('cacheRules.query')}
        value={draft.query}
        options={[
          ['kept', t('cacheRules.queryKept')],
          ['sorted', t('cacheRules.queryAnyOrder')],
          ['some', t('cacheRules.querySome')],
          ['dropped', t('cacheRules.queryDropped')],
        ]}
        onChange={(query) => change({ query })}
      />
      {draft.query === 'some' && (
        <TextRow
          label={t('cacheRules.parameters')}
          value={draft.parameters}
          error={errors.parameters}
          placeholder="utm_source, utm_medium"
          note={t('cacheRules.parametersNote')}
          onChange={(parameters) => change({ parameters })}
        />
      )}
    </>
  );
}
