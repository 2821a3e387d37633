import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { annotationFrom, isBlank } from '../../../shared/annotation.ts';
import type { AnnotatedExchange, Annotation } from '../../../shared/annotation.ts';

const NAME = 'annotations.jsonl';
/** As many as a session has exchanges at most; beyond that, those go first that were noted first. */
const MOST = 1_000_000;

/**
 * What is noted about the exchanges of a session that is being recorded. On disk each change is a line of its own, a list of
 * ids with what is noted then: nothing that was noted before can be lost by it.
 */
export class AnnotationLog {
  readonly #path: string | undefined;
  readonly #told: (error: NodeJS.ErrnoException | undefined) => void;
  readonly #annotations = new Map<number, Annotation>();

  /**
   * @param directory the session's; undefined when there is none
   * @param told called after each change with why it could not be written, or with undefined
   */
  constructor(directory: string | undefined, told: (error: NodeJS.ErrnoException | undefined) => void) {
    this.#path = directory === undefined ? undefined : join(directory, NAME);
    this.#told = told;
  }

  get(id: number): Annotation | undefined {
    return this.#annotations.get(id);
  }

  entries(): AnnotatedExchange[] {
    return [...this.#annotations];
  }

  set(changed: readonly AnnotatedExchange[]): void {
    apply(this.#annotations, changed);
    for (const id of this.#annotations.keys()) {
      if (this.#annotations.size <= MOST) break;
      this.#annotations.delete(id);
    }
    if (this.#path !== undefined) this.#write(this.#path, changed);
  }

  #write(path: string, changed: readonly AnnotatedExchange[]): void {
    try {
      // The line break comes first, so that what a full disk has cut off is no part of the next line.
      appendFileSync(path, `\n${JSON.stringify(changed)}`, { mode: 0o600 });
      this.#told(undefined);
    } catch (error) {
      this.#told(error as NodeJS.ErrnoException);
    }
  }
}

/** What was noted about the exchanges of the session in `directory`. A line that cannot be read is left out. */
export async function readAnnotations(directory: string): Promise<ReadonlyMap<number, Annotation>> {
  const annotations = new Map<number, Annotation>();
  for (const line of (await textOf(join(directory, NAME))).split('\n')) apply(annotations, changesIn(line));
  return annotations;
}

function apply(annotations: Map<number, Annotation>, changed: readonly AnnotatedExchange[]): void {
  for (const [id, annotation] of changed) {
    if (isBlank(annotation)) annotations.delete(id);
    else annotations.set(id, annotation);
  }
}

function changesIn(line: string): AnnotatedExchange[] {
  if (line === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  const entries = Array.isArray(value) ? (value as unknown[]) : [];
  return entries.flatMap((entry) => {
    const [id, annotation] = Array.isArray(entry) ? (entry as unknown[]) : [];
    return typeof id === 'number' ? [[id, annotationFrom(annotation)]] : [];
  });
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
