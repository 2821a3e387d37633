import { useState } from 'react';
import type { SettingsPatch } from '../../../shared/settings.ts';
import { useInspector } from '../inspector-context.tsx';
import { listProblems } from './list-problems.ts';
import type { ListProblem } from './list-problems.ts';

/** A list of the settings in an editor: what stands there, and what is wrong with it. */
export interface SavedList<T> {
  readonly value: T;
  /** It differs from what is saved. */
  readonly changed: boolean;
  /** Known once somebody wanted to save it. */
  readonly problems: readonly ListProblem[];
  readonly refusal: string;
  readonly edit: (value: T) => void;
  readonly discard: () => void;
  readonly save: () => void;
}

/** Keeps an edited list until it is saved or discarded. @param patchOf the change that a list is, unchecked */
export function useSavedList<T>(saved: T, patchOf: (value: T) => unknown): SavedList<T> {
  const { updateSettings } = useInspector();
  const [draft, setDraft] = useState<T>();
  const [problems, setProblems] = useState<readonly ListProblem[]>([]);
  const [refusal, setRefusal] = useState('');

  const edit = (value: T | undefined): void => {
    setDraft(value);
    setProblems([]);
    setRefusal('');
  };
  const save = (): void => {
    if (draft === undefined) return;
    const patch = patchOf(draft);
    const found = listProblems(patch);
    setProblems(found);
    if (found.length > 0) return;
    // Without a problem the patch has the schema's type.
    void updateSettings(patch as SettingsPatch).then((answer) => {
      if (answer.ok) edit(undefined);
      else setRefusal(answer.error.message);
    });
  };
  const general = problems.find(({ place }) => place === undefined)?.message;
  return {
    ...{ value: draft ?? saved, changed: draft !== undefined, problems, refusal: general ?? refusal, edit, save },
    discard: () => edit(undefined),
  };
}
