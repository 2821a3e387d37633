import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { annotationFrom, applyAnnotations, grouped } from '../../../shared/annotation.ts';
import type { AnnotatedExchanges, Annotation, AnnotationsById } from '../../../shared/annotation.ts';
import { textIfThere } from './text-if-there.ts';

const NAME = 'annotations.jsonl';
/** Fewer than these are not looked through for what is gone. */
const FEW = 1000;
/** A shorter file is not written anew. */
const SHORT = 1024 * 1024;

/** What the log asks and tells its owner. */
export interface AnnotationLogOwner {
  /** Whether an exchange is there, or can still be brought back. */
  isKept(id: number): boolean;
  /** Called after each change with why it could not be written, or with undefined. */
  written(error: NodeJS.ErrnoException | undefined): void;
}

/**
 * What is noted about the exchanges of a session that is being recorded. On disk each change is a line of its own, which says
 * what is noted of which exchanges then: nothing that was noted before can be lost by it. Both memory and file are about
 * exchanges that are kept: the others are forgotten when there may be as many of them, and the file is written anew when it
 * may be twice as long as it has to be.
 */
export class AnnotationLog implements AnnotationsById {
  readonly #path: string | undefined;
  readonly #owner: AnnotationLogOwner;
  readonly #annotations = new Map<number, Annotation>();
  #sweepAt = FEW;
  #length = 0;
  #rewriteAt = SHORT;

  /** @param directory the session's; undefined when there is none */
  constructor(directory: string | undefined, owner: AnnotationLogOwner) {
    this.#path = directory === undefined ? undefined : join(directory, NAME);
    this.#owner = owner;
  }

  get(id: number): Annotation | undefined {
    return this.#annotations.get(id);
  }

  all(): AnnotatedExchanges[] {
    return grouped(this.#annotations);
  }

  /** Returns all that has changed by it: exchanges that are gone may be forgotten as well. */
  set(changed: readonly AnnotatedExchanges[]): readonly AnnotatedExchanges[] {
    applyAnnotations(this.#annotations, changed);
    const gone = this.#annotations.size > this.#sweepAt ? this.#forgetGone() : [];
    if (this.#length > this.#rewriteAt) this.#rewrite();
    else this.#write(changed);
    return gone.length === 0 ? changed : [...changed, [{}, gone]];
  }

  /** Nothing of what was cleared is to be read after this run. */
  close(): void {
    if (this.#forgetGone().length > 0) this.#rewrite();
  }

  #forgetGone(): number[] {
    const gone = [...this.#annotations.keys()].filter((id) => !this.#owner.isKept(id));
    applyAnnotations(this.#annotations, [[{}, gone]]);
    this.#sweepAt = Math.max(FEW, 2 * this.#annotations.size);
    return gone;
  }

  #write(changed: readonly AnnotatedExchanges[]): void {
    // The line break comes first, so that what a full disk has cut off is no part of the next line.
    const line = `\n${JSON.stringify(changed)}`;
    this.#onDisk((path) => {
      appendFileSync(path, line, { mode: 0o600 });
      this.#length += line.length;
    });
  }

  #rewrite(): void {
    const text = JSON.stringify(this.all());
    this.#onDisk((path) => {
      writeFileSync(`${path}.part`, text, { mode: 0o600 });
      renameSync(`${path}.part`, path);
      this.#length = text.length;
      this.#rewriteAt = Math.max(SHORT, 2 * text.length);
    });
  }

  #onDisk(work: (path: string) => void): void {
    if (this.#path === undefined) return;
    try {
      work(this.#path);
      this.#owner.written(undefined);
    } catch (error) {
      this.#owner.written(error as NodeJS.ErrnoException);
    }
  }
}

/** What was noted about the exchanges of the session in `directory`. A line that cannot be read is left out. */
export async function readAnnotations(directory: string): Promise<AnnotationsById> {
  const annotations = new Map<number, Annotation>();
  for (const line of ((await textIfThere(join(directory, NAME))) ?? '').split('\n'))
    applyAnnotations(annotations, changesIn(line));
  return annotations;
}

function changesIn(line: string): AnnotatedExchanges[] {
  if (line === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  const groups = Array.isArray(value) ? (value as unknown[]) : [];
  return groups.map((group) => {
    const [annotation, ids] = Array.isArray(group) ? (group as unknown[]) : [];
    return [annotationFrom(annotation), Array.isArray(ids) ? ids.filter((id) => typeof id === 'number') : []];
  });
}
