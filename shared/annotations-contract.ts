import * as v from 'valibot';
import { MARK_COLOURS } from './annotation.ts';
import type { AnnotatedExchanges, AnnotationChange } from './annotation.ts';

/** The contract's part about what people note of exchanges. It belongs to the session, and is saved with it. */
export interface AnnotationsRequestMap {
  /** Changes what is noted about exchanges, finished or not; ids of none are left out. Everyone is told. */
  'exchanges.annotate': { params: { ids: readonly number[]; change: AnnotationChange }; result: null };
}

export interface AnnotationsEventMap {
  /** What is noted about these exchanges now; nothing any more about those that are gone. */
  'exchanges.annotated': { annotations: readonly AnnotatedExchanges[] };
}

export const annotationChangeSchema: v.GenericSchema<unknown, AnnotationChange> = v.strictObject({
  pinned: v.exactOptional(v.boolean()),
  mark: v.exactOptional(v.nullable(v.picklist(MARK_COLOURS))),
  struck: v.exactOptional(v.boolean()),
  comment: v.exactOptional(v.nullable(v.pipe(v.string(), v.maxLength(10_000)))),
});
