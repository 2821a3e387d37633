import type { FieldEvidence } from '../../../shared/decision.ts';

/** A field that a rule read something from, of whichever message it was looking at. */
export type ReadField = Omit<FieldEvidence, 'side'>;

/** A field of the request as evidence. */
export function ofRequest(name: string, directive?: string): FieldEvidence {
  return directive === undefined ? { side: 'request', name } : { side: 'request', name, directive };
}

/** A field of a stored response as evidence. */
export function ofStored(name: string, directive?: string): FieldEvidence {
  return directive === undefined ? { side: 'stored', name } : { side: 'stored', name, directive };
}

/** A field of the origin's response as evidence. */
export function ofResponse(name: string, directive?: string): FieldEvidence {
  return directive === undefined ? { side: 'response', name } : { side: 'response', name, directive };
}

/** Fields that a rule read, as those of a message. */
export function fieldsOf(side: FieldEvidence['side'], fields: readonly ReadField[]): FieldEvidence[] {
  return fields.map((field) => ({ side, ...field }));
}
