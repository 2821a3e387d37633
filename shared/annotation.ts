export const MARK_COLOURS = ['red', 'orange', 'yellow', 'green', 'blue', 'purple'] as const;
export type MarkColour = (typeof MARK_COLOURS)[number];

/** What a person has noted about an exchange; empty when nothing is. */
export interface Annotation {
  readonly pinned?: boolean;
  readonly mark?: MarkColour;
  /** Struck out: looked at and done with. */
  readonly struck?: boolean;
  readonly comment?: string;
}

/** A change of what is noted about exchanges; `null` takes it away. */
export interface AnnotationChange {
  readonly pinned?: boolean;
  readonly mark?: MarkColour | null;
  readonly struck?: boolean;
  readonly comment?: string | null;
}

/** What is noted about an exchange, by its id. */
export type AnnotatedExchange = readonly [id: number, annotation: Annotation];

/** The longest comment; of a longer one its beginning is kept. */
export const MOST_COMMENT = 2000;

/** What is noted after `change`. */
export function annotated(before: Annotation | undefined, change: AnnotationChange): Annotation {
  return annotationFrom({ ...before, ...change });
}

/** What is noted according to `value`, from wherever it comes: what of it makes no sense is left out. */
export function annotationFrom(value: unknown): Annotation {
  if (typeof value !== 'object' || value === null) return {};
  const { pinned, mark, struck, comment } = value as Record<keyof Annotation, unknown>;
  const colour = MARK_COLOURS.find((known) => known === mark);
  const text = typeof comment === 'string' ? comment.trim().slice(0, MOST_COMMENT) : '';
  return {
    ...(pinned === true ? { pinned } : {}),
    ...(colour === undefined ? {} : { mark: colour }),
    ...(struck === true ? { struck } : {}),
    ...(text === '' ? {} : { comment: text }),
  };
}

/** Says whether nothing is noted. */
export function isBlank(annotation: Annotation): boolean {
  return Object.keys(annotation).length === 0;
}
