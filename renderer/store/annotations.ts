import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { afterChange, applyAnnotations } from '../../shared/annotation.ts';
import type { AnnotatedExchanges, Annotation, AnnotationChange } from '../../shared/annotation.ts';

interface AnnotationState {
  /** Grows with every change. */
  readonly version: number;
  /** What the last change was about. */
  readonly changed: readonly number[];
}

/** Takes a change to the engine, which keeps it. */
export type SendChange = (ids: readonly number[], change: AnnotationChange) => void;

/**
 * What people have noted about exchanges: pins, colours, strikes, comments. The engine keeps it with the session; here it is
 * to be looked up, and changes show before they have got there.
 */
export class Annotations {
  readonly store: StoreApi<AnnotationState> = createStore<AnnotationState>()(() => ({ version: 0, changed: [] }));
  readonly #annotations = new Map<number, Annotation>();
  readonly #send: SendChange;

  constructor(send: SendChange) {
    this.#send = send;
  }

  get(id: number): Annotation | undefined {
    return this.#annotations.get(id);
  }

  entries(): (readonly [id: number, annotation: Annotation])[] {
    return [...this.#annotations];
  }

  pinned(): number[] {
    return this.entries().flatMap(([id, note]) => (note.pinned === true ? [id] : []));
  }

  /** This is all that the engine has, be it the same engine as before or another one. */
  adopt(all: readonly AnnotatedExchanges[]): void {
    const before = [...this.#annotations.keys()];
    this.#annotations.clear();
    applyAnnotations(this.#annotations, all);
    this.#changed([...before, ...this.#annotations.keys()]);
  }

  /** The engine has this of some exchanges now. */
  take(some: readonly AnnotatedExchanges[]): void {
    applyAnnotations(this.#annotations, some);
    this.#changed(some.flatMap(([, ids]) => ids));
  }

  change(ids: readonly number[], change: AnnotationChange): void {
    this.take(afterChange(this.#annotations, ids, change));
    this.#send(ids, change);
  }

  #changed(changed: readonly number[]): void {
    this.store.setState(({ version }) => ({ version: version + 1, changed }));
  }
}
