import type { BodySource } from '../../../shared/body-contract.ts';
import type { InspectorApi } from '../../../shared/contract.ts';

/** What is looked for. */
export interface Sought {
  readonly text: string;
  readonly matchCase: boolean;
}

/** Where somebody who looks for something stands. */
export interface FindState {
  /** Which match is shown, from 1; 0 for none. */
  readonly current: number;
  /** Matches known so far, and whether there may be more. */
  readonly total: number;
  readonly more: boolean;
  readonly error?: string;
}

/** A view in which something can be found. Each of these shows the match that it tells of. */
export interface Finder {
  readonly search: (sought: Sought, signal: AbortSignal) => Promise<FindState>;
  readonly step: (direction: 1 | -1, signal: AbortSignal) => Promise<FindState>;
}

export const NOTHING_FOUND: FindState = { current: 0, total: 0, more: false };

/** Matches in what is listed here as a whole. */
export function listFinder(matches: (sought: Sought) => readonly number[], show: (match: number) => void): Finder {
  let found: readonly number[] = [];
  let current = 0;
  const state = (): Promise<FindState> => {
    const match = found[current - 1];
    if (match !== undefined) show(match);
    return Promise.resolve({ current, total: found.length, more: false });
  };
  return {
    search(sought) {
      found = matches(sought);
      current = found.length > 0 ? 1 : 0;
      return state();
    },
    step(direction) {
      if (found.length > 0) current = ((current - 1 + direction + found.length) % found.length) + 1;
      return state();
    },
  };
}

/** A match in the bytes of a body. */
export interface ByteMatch {
  readonly offset: number;
  readonly length: number;
  readonly row: number;
}

/** Matches in a body that the host searches, one after the other. */
export function hostFinder(api: InspectorApi, source: BodySource, show: (match: ByteMatch) => void): Finder {
  let sought: Sought = { text: '', matchCase: false };
  let found: ByteMatch[] = [];
  let next: number | undefined;
  let current = 0;
  const state = (error?: string): FindState => {
    const match = found[current - 1];
    if (match !== undefined) show(match);
    return { current, total: found.length, more: next !== undefined, ...(error === undefined ? {} : { error }) };
  };
  /** Looks on until there is one more match, or no more of the body. */
  const further = async (signal: AbortSignal): Promise<string | undefined> => {
    while (next !== undefined && !signal.aborted) {
      const answer = await api.request('body.find', { source, ...sought, from: next });
      if (!answer.ok) return answer.error.message;
      next = answer.value.next;
      if (answer.value.match === undefined) continue;
      found.push(answer.value.match);
      return undefined;
    }
    return undefined;
  };
  return {
    async search(wanted, signal) {
      [sought, found, next, current] = [wanted, [], 0, 0];
      const error = await further(signal);
      current = Math.min(1, found.length);
      return state(error);
    },
    async step(direction, signal) {
      if (found.length === 0) return state();
      let error: string | undefined;
      if (direction === 1 && current === found.length) error = await further(signal);
      current = ((current - 1 + direction + found.length) % found.length) + 1;
      return state(error);
    },
  };
}
