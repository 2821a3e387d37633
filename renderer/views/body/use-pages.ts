import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Answer } from '../../../shared/contract.ts';

/** Pages kept; beyond these the one that was read first is forgotten. */
const KEPT = 40;

type Load<T> = (page: number) => Promise<Answer<T>>;

/** Pages of something long, each read once when it is wanted. */
class PageCache<T> {
  readonly #load: Load<T>;
  readonly #pages = new Map<number, T>();
  readonly #asked = new Set<number>();
  #changed: ((error?: string) => void) | undefined;

  constructor(load: Load<T>) {
    this.#load = load;
  }

  /** Tells of pages that have come, until the returned function is called. */
  listen(changed: (error?: string) => void): () => void {
    this.#changed = changed;
    return () => {
      this.#changed = undefined;
    };
  }

  at(page: number): T | undefined {
    return this.#pages.get(page);
  }

  want(page: number): void {
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    void this.#load(page).then((answer) => {
      if (answer.ok) this.#keep(page, answer.value);
      this.#changed?.(answer.ok ? undefined : answer.error.message);
    });
  }

  #keep(page: number, value: T): void {
    this.#pages.set(page, value);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size <= KEPT || oldest === undefined) return;
    this.#pages.delete(oldest);
    this.#asked.delete(oldest);
  }
}

export interface Pages<T> {
  /** A page, when it is there. */
  readonly at: (page: number) => T | undefined;
  /** Reads the pages that are not there yet, as `onSight` of rows wants it. */
  readonly want: (first: number, end: number) => void;
  readonly error: string | undefined;
}

/**
 * Pages of something long, read when they come into sight.
 *
 * @param load the same function for as long as it is the same thing
 */
export function usePages<T>(load: Load<T>): Pages<T> {
  const cache = useMemo(() => new PageCache(load), [load]);
  const [, setVersion] = useState(0);
  const [error, setError] = useState<string>();
  useEffect(
    () =>
      cache.listen((problem) => {
        setVersion((before) => before + 1);
        setError(problem);
      }),
    [cache],
  );
  const want = useCallback(
    (first: number, end: number) => {
      for (let page = first; page < end; page++) cache.want(page);
    },
    [cache],
  );
  return { at: (page) => cache.at(page), want, error };
}
