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

/** What is noted about these exchanges, by their ids: it is said once, however many they are. */
export type AnnotatedExchanges = readonly [annotation: Annotation, ids: readonly number[]];

/** What is noted about exchanges, by their ids. */
export interface AnnotationsById {
  get(id: number): Annotation | undefined;
}

/** The longest comment; of a longer one its beginning is kept. */
export const MOST_COMMENT = 2000;

/** What is noted about the exchanges in `ids` after `change`. */
export function afterChange(
  annotations: AnnotationsById,
  ids: Iterable<number>,
  change: AnnotationChange,
): AnnotatedExchanges[] {
  const groups = new Map<Annotation | undefined, [Annotation, number[]]>();
  for (const id of ids) {
    const before = annotations.get(id);
    let group = groups.get(before);
    if (group === undefined) groups.set(before, (group = [annotationFrom({ ...before, ...change }), []]));
    group[1].push(id);
  }
  return [...groups.values()];
}

/** The same in groups; those that share an object become one. */
export function grouped(annotations: Iterable<readonly [id: number, annotation: Annotation]>): AnnotatedExchanges[] {
  const groups = new Map<Annotation, number[]>();
  for (const [id, annotation] of annotations) {
    const ids = groups.get(annotation);
    if (ids === undefined) groups.set(annotation, [id]);
    else ids.push(id);
  }
  return [...groups];
}

/** Puts what is noted now in place of what was noted before. */
export function applyAnnotations(annotations: Map<number, Annotation>, changed: readonly AnnotatedExchanges[]): void {
  for (const [annotation, ids] of changed) {
    for (const id of ids) {
      if (isBlank(annotation)) annotations.delete(id);
      else annotations.set(id, annotation);
    }
  }
}

/** What is noted according to `value`, from wherever it comes: what of it makes no sense is left out. */
export function annotationFrom(value: unknown): Annotation {
  if (typeof value !== 'object' || value === null) return {};
  const { pinned, mark, struck, comment } = value as Record<keyof Annotation, unknown>;
  const colour = MARK_COLOURS.find((known) => known === mark);
  const text = typeof comment === 'string' ? beginningOf(comment.trim()) : '';
  return {
    ...(pinned === true ? { pinned } : {}),
    ...(colour === undefined ? {} : { mark: colour }),
    ...(struck === true ? { struck } : {}),
    ...(text === '' ? {} : { comment: text }),
  };
}

/** What is kept of a comment: a copy of its beginning, which would else keep all of it in memory, and no half of a character. */
function beginningOf(text: string): string {
  if (text.length <= MOST_COMMENT) return text;
  return Array.from(text.slice(0, MOST_COMMENT))
    .join('')
    .replace(/[\uD800-\uDBFF]$/, '');
}

/** Says whether nothing is noted. */
export function isBlank(annotation: Annotation): boolean {
  return Object.keys(annotation).length === 0;
}
