import { useId } from 'react';
import type { ReactElement } from 'react';
import { Row } from '../common/form-rows.tsx';
import { ListActions } from './list-actions.tsx';
import { useListFocus } from './use-list-focus.ts';
import { useSavedList } from './saved-list.ts';
import { linesOf } from './upstream-draft.ts';
import { useT } from '../inspector-context.tsx';

interface LineEditorProps {
  readonly label: string;
  readonly note: string;
  readonly placeholder: string;
  readonly saved: readonly string[];
  readonly patchOf: (lines: string[]) => unknown;
}

/** A list of words, one a line. */
export function LineEditor({ label, note, placeholder, saved, patchOf }: LineEditorProps): ReactElement {
  const t = useT();
  const id = useId();
  const list = useSavedList(saved.join('\n'), (text) => patchOf(linesOf(text)));
  const root = useListFocus(list.problems);
  const [problem] = list.problems;
  const line = problem?.place === undefined ? undefined : linesOf(list.value)[problem.place];
  const error =
    problem === undefined || line === undefined
      ? undefined
      : t('routing.problem', { line, message: t.said(problem.message) });
  return (
    <form
      ref={root}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        list.save();
      }}
    >
      <Row label={label} id={id} note={note} error={error}>
        <textarea
          id={id}
          className="field"
          rows={Math.min(8, Math.max(2, list.value.split('\n').length))}
          spellCheck={false}
          placeholder={placeholder}
          value={list.value}
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-more`}
          onChange={({ target }) => list.edit(target.value)}
        />
        <ListActions changed={list.changed} refusal={list.refusal} onDiscard={list.discard} />
      </Row>
    </form>
  );
}
