import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { MARK_COLOURS } from '../../shared/filter/filtered-exchange.ts';
import type { Annotation } from '../../shared/filter/filtered-exchange.ts';
import { readStored, writeStored } from './preferences.ts';
import type { PreferenceStorage } from './preferences.ts';

const KEY = 'hopscope.notes';
const MOST_CHARACTERS = 2000;

/** A change of what is noted about exchanges; `null` takes it away. */
export interface AnnotationChange {
  readonly pinned?: boolean;
  readonly mark?: NonNullable<Annotation['mark']> | null;
  readonly struck?: boolean;
  readonly comment?: string | null;
}

interface AnnotationState {
  /** Grows with every change. */
  readonly version: number;
  /** What the last change was about. */
  readonly changed: readonly number[];
}

/**
 * What the person has noted about exchanges: pins, colours, strikes, comments. They belong to one run of the engine, since its
 * numbers begin anew with the next, and are kept for reloads of the page.
 */
export class Annotations {
  readonly store: StoreApi<AnnotationState> = createStore<AnnotationState>()(() => ({ version: 0, changed: [] }));
  readonly #notes = new Map<number, Annotation>();
  readonly #storage: PreferenceStorage | undefined;
  #epoch: number | undefined;

  constructor(storage?: PreferenceStorage) {
    this.#storage = storage;
  }

  get(id: number): Annotation | undefined {
    return this.#notes.get(id);
  }

  entries(): (readonly [id: number, note: Annotation])[] {
    return [...this.#notes];
  }

  pinned(): number[] {
    return this.entries().flatMap(([id, note]) => (note.pinned === true ? [id] : []));
  }

  /** The engine's run is known: what was noted in it is read back, and what was noted in another is forgotten. */
  adopt(epoch: number): void {
    if (this.#epoch === epoch) return;
    this.#epoch = epoch;
    const before = [...this.#notes.keys()];
    this.#notes.clear();
    const stored = readStored(this.#storage, KEY);
    const notes = stored['epoch'] === epoch && Array.isArray(stored['notes']) ? (stored['notes'] as unknown[]) : [];
    for (const entry of notes) {
      const [id, note] = Array.isArray(entry) ? (entry as unknown[]) : [];
      if (typeof id === 'number' && typeof note === 'object' && note !== null) this.#put(id, checked(note));
    }
    this.#changed([...before, ...this.#notes.keys()]);
  }

  change(ids: readonly number[], { pinned, mark, struck, comment }: AnnotationChange): void {
    for (const id of ids) {
      const { pinned: wasPinned, mark: oldMark, struck: wasStruck, comment: oldComment } = this.#notes.get(id) ?? {};
      this.#put(id, {
        ...((pinned ?? wasPinned) === true ? { pinned: true } : {}),
        ...noted('mark', mark === undefined ? oldMark : mark),
        ...((struck ?? wasStruck) === true ? { struck: true } : {}),
        ...noted('comment', comment === undefined ? oldComment : comment?.trim().slice(0, MOST_CHARACTERS)),
      });
    }
    this.#changed(ids);
    if (this.#epoch !== undefined) writeStored(this.#storage, KEY, { epoch: this.#epoch, notes: this.entries() });
  }

  #put(id: number, note: Annotation): void {
    if (Object.keys(note).length === 0) this.#notes.delete(id);
    else this.#notes.set(id, note);
  }

  #changed(changed: readonly number[]): void {
    this.store.setState(({ version }) => ({ version: version + 1, changed }));
  }
}

function noted<K extends 'mark' | 'comment'>(key: K, value: Annotation[K] | null): Pick<Annotation, K> | object {
  return value === undefined || value === null || value === '' ? {} : { [key]: value };
}

/** Only what has the right shape: stored text may be from another version or edited by hand. */
function checked(note: object): Annotation {
  const { pinned, mark, struck, comment } = note as Record<keyof Annotation, unknown>;
  const colour = MARK_COLOURS.find((known) => known === mark);
  return {
    ...(pinned === true ? { pinned } : {}),
    ...(colour === undefined ? {} : { mark: colour }),
    ...(struck === true ? { struck } : {}),
    ...(typeof comment === 'string' && comment !== '' ? { comment: comment.slice(0, MOST_CHARACTERS) } : {}),
  };
}
