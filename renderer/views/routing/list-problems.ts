import * as v from 'valibot';
import { settingsPatchSchema } from '../../../shared/settings.ts';

/** What is wrong with one item of a list in a patch, in the schema's words. */
export interface ListProblem {
  /** Which item; undefined for the list as a whole. */
  readonly place: number | undefined;
  /** Which part of an item that has parts. */
  readonly part: string | undefined;
  readonly message: string;
}

/** The problems of the one list that `patch` is about; none when it can be saved. */
export function listProblems(patch: unknown): ListProblem[] {
  const parsed = v.safeParse(settingsPatchSchema, patch);
  if (parsed.success) return [];
  return parsed.issues.map((issue) => {
    const keys: readonly unknown[] = (issue.path ?? []).map(({ key }) => key);
    const at = keys.findIndex((key) => typeof key === 'number');
    const part = at === -1 ? undefined : keys[at + 1];
    return {
      place: at === -1 ? undefined : (keys[at] as number),
      part: typeof part === 'string' ? part : undefined,
      message: issue.message,
    };
  });
}
