/**
 * Scenarios as data: what a client asks, what the origin answers, and what has to come of it. Field values may hold
 * `{now}`, `{-60}` or `{+60}`: an HTTP-date so many seconds from the scenario's start.
 */

/** Fields as flat pairs, so that order and repeats are expressible. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** The origin's answer to one step. */
export interface Response {
  readonly status?: number;
  readonly headers?: Fields;
  /** `body <index of the step>` when absent. */
  readonly body?: string;
  /** Leave out the Date and Content-Length that are otherwise added when `headers` has none. */
  readonly bare?: boolean;
  /** The exact bytes instead of all of the above (latin1). */
  readonly raw?: string;
  /** Bytes that are sent before the response, e.g. interim responses. */
  readonly before?: string;
  /** Milliseconds before the first byte. */
  readonly delay?: number;
  /** Milliseconds between the first half of the bytes and the second. */
  readonly pause?: number;
  /** Close the connection after these bytes. */
  readonly close?: boolean;
  /** Close the connection without an answer. */
  readonly drop?: boolean;
}

/** What a field has to be: this value, a pattern, absent (null). Repeated fields are joined with `, `. */
export type Expected = Readonly<Record<string, string | RegExp | null | ((value: string | undefined) => boolean)>>;

export interface Step {
  readonly method?: string;
  /** Added to the scenario's own path. */
  readonly path?: string;
  readonly headers?: Fields;
  readonly content?: string;
  /** Without one the origin must not be reached, unless `reaches` says otherwise; it then answers 599. */
  readonly response?: Response;
  /** Wait (ms) before this step. */
  readonly after?: number;
  /** Send this step without waiting for the end of the one before; both ends are awaited before the next such gap. */
  readonly together?: boolean;
  /** Leave as soon as the head has arrived. */
  readonly leave?: boolean;

  /** Whether the origin must get this very request; undefined leaves it open. */
  readonly reaches?: boolean;
  readonly status?: number;
  /** The answer's body: its text, or the step whose response it is. */
  readonly body?: string | number | RegExp;
  readonly expect?: Expected;
  /** The fields that the origin has to see. */
  readonly request?: Expected;
  /** Status codes of the interim responses that the client gets. */
  readonly interim?: readonly number[];
  /** The answer must break off. */
  readonly breaks?: boolean;
  /** How many requests the origin may have got by the end of this step, in all. */
  readonly total?: number;
}

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** A response, with `Cache-Control` as its first argument because nearly each has one. */
export function respond(cacheControl: string | undefined, more: Fields = [], rest: Response = {}): Response {
  const headers = cacheControl === undefined ? more : [['Cache-Control', cacheControl] as const, ...more];
  return { headers, ...rest };
}

/** Asks twice: the second answer must come from the store. */
export function reused(name: string, headers: Fields, first: Step = {}, second: Step = {}): Scenario {
  const status = first.response?.status ?? 200;
  return {
    name,
    steps: [
      { ...first, response: { headers, ...first.response }, reaches: true, status },
      { reaches: false, status, ...(status === 204 ? {} : { body: 0 }), ...second },
    ],
  };
}

/** Asks twice: the second answer must be the origin's. */
export function notReused(name: string, headers: Fields, first: Step = {}, second: Step = {}): Scenario {
  const status = first.response?.status ?? 200;
  return {
    name,
    steps: [
      { ...first, response: { headers, ...first.response }, reaches: true, status },
      { reaches: true, response: { headers: [['Cache-Control', 'no-store']] }, body: 1, ...second },
    ],
  };
}

/** `Cache-Control` alone. */
export function cc(...values: string[]): Fields {
  return values.map((value) => ['Cache-Control', value] as const);
}
