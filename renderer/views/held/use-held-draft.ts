import { useEffect } from 'react';
import type { ReleaseOrder } from '../../../shared/rules-contract.ts';
import { useDraft } from '../common/draft-form.tsx';
import type { DraftState, Made } from '../common/draft-form.tsx';
import { useInspector } from '../inspector-context.tsx';
import { release } from './held-rows.ts';
import { forgetDraft, keepDraft, keptDraft } from './kept-drafts.ts';

interface HeldDraftOptions<Draft, Errors> {
  /** Of the exchange. */
  readonly id: number;
  /** Tells this draft from those of other pauses and forms. */
  readonly form: string;
  readonly first: Draft;
  readonly make: (draft: Draft) => Made<ReleaseOrder, Errors>;
}

/** A draft that lets an exchange go on. It outlasts a look at another exchange. */
export function useHeldDraft<Draft extends object, Errors extends Readonly<Partial<Record<string, string>>>>({
  id,
  form,
  first,
  make,
}: HeldDraftOptions<Draft, Errors>): DraftState<Draft, Errors | Record<string, never>> {
  const inspector = useInspector();
  const key = `${id} ${form}`;
  const state = useDraft({
    initial: keptDraft(key, first),
    make,
    onSave: async (order) => {
      const refusal = await release(inspector, id, order);
      if (refusal === undefined) forgetDraft(key);
      return refusal;
    },
  });
  useEffect(() => keepDraft(key, state.draft), [key, state.draft]);
  return state;
}
