import type { ReactElement } from 'react';
import { DraftForm, useDraft } from '../common/draft-form.tsx';
import { Choice, TextRow } from '../common/form-rows.tsx';
import { FLAG_WORDS, OVERLAY_FLAGS, ruleOf } from './overlay-draft.ts';
import type { DraftErrors, OverlayDraft, OverlayRule } from './overlay-draft.ts';

interface OverlayFormProps {
  readonly title: string;
  readonly initial: OverlayDraft;
  /** Resolves with what the engine has against it, or undefined. */
  readonly onSave: (rule: OverlayRule) => Promise<string | undefined>;
  readonly onCancel: () => void;
}

/** Edits one rule. Mistakes are told below the field they are in, in the words of the settings' schema. */
export function OverlayForm({ title, initial, onSave, onCancel }: OverlayFormProps): ReactElement {
  const { draft, errors, change, frame } = useDraft({ initial, make: ruleOf, onSave });
  return (
    <DraftForm title={title} saveLabel="Save rule" frame={frame} onCancel={onCancel}>
      <TextRow
        label="Name"
        value={draft.name}
        error={errors.name}
        placeholder="Images for an hour"
        focused
        onChange={(name) => change({ name })}
      />
      <TextRow
        label="URL pattern"
        value={draft.pattern}
        error={errors.pattern}
        placeholder="http://example.com/images/*"
        note="* stands for any run of characters; without one the pattern is the beginning of the URL."
        onChange={(pattern) => change({ pattern })}
      />
      <Choice
        label="Use the cache"
        value={draft.use}
        options={[
          ['normal', 'As the rules say'],
          ['revalidate', 'Ask the origin before every use'],
          ['never', 'Never'],
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
  return (
    <>
      <Choice
        label="Stays fresh for"
        value={draft.lifetime}
        options={[
          ['sent', 'As long as the response says'],
          ['least', 'At least …'],
          ['fixed', 'Exactly …'],
        ]}
        onChange={(lifetime) => change({ lifetime })}
      />
      {draft.lifetime !== 'sent' && (
        <TextRow
          label="Seconds"
          value={draft.seconds}
          error={errors.seconds}
          numeric
          onChange={(seconds) => change({ seconds })}
        />
      )}
      <fieldset className="overlay-flags">
        <legend>Store and reuse what the rules forbid</legend>
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
              {FLAG_WORDS[flag][0]}
              <span className="section-note">{FLAG_WORDS[flag][1]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Choice
        label="The query of the URL"
        value={draft.query}
        options={[
          ['kept', 'Tells responses apart, as it is'],
          ['sorted', 'In any order of its parameters'],
          ['some', 'Without some parameters …'],
          ['dropped', 'Does not matter at all'],
        ]}
        onChange={(query) => change({ query })}
      />
      {draft.query === 'some' && (
        <TextRow
          label="Parameters to leave out"
          value={draft.parameters}
          error={errors.parameters}
          placeholder="utm_source, utm_medium"
          note="Names, separated by commas."
          onChange={(parameters) => change({ parameters })}
        />
      )}
    </>
  );
}
