import { setImmediate } from 'node:timers/promises';
import type { Annotation } from '../../shared/annotation.ts';
import type { BodySource } from '../../shared/body-contract.ts';
import type { ExchangeField, MatchQuestion } from '../../shared/search-contract.ts';
import { fold } from '../../shared/exchange-view.ts';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import { compileFilter, needsBody, YES } from '../../shared/filter/compile-filter.ts';
import type { FilterTest } from '../../shared/filter/compile-filter.ts';
import type { FilterDetail } from '../../shared/filter/filtered-exchange.ts';
import { parseFilter } from '../../shared/filter/parse-filter.ts';
import { joinedHeader } from '../../shared/headers.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import { textDecoderFor } from './bodies/text-decoder.ts';

/** Decoded bytes of each body that are searched. */
const SEARCHED_BYTES = 8 * 1024 * 1024;
/** Characters of a field's value that a list shows at most. */
const SHOWN_CHARACTERS = 1000;

interface SearchSources {
  readonly recorder: {
    read(id: number): Promise<TraceEvent[] | undefined>;
    annotationOf(id: number): Annotation | undefined;
  };
  /** Not the ones that people look at: a search must not push those out. */
  readonly bodies: { read(source: BodySource, offset: number, length: number): Promise<Uint8Array | undefined> };
}

/** Reads whole exchanges for what the list does not know of them. */
export class ExchangeSearch {
  readonly #sources: SearchSources;

  constructor(sources: SearchSources) {
    this.#sources = sources;
  }

  /**
   * Those of the asked exchanges that pass a filter, in the order asked; a sentence when the filter cannot be understood.
   * Other work gets its turn between any two exchanges.
   */
  async match({ filter, ids }: MatchQuestion): Promise<number[] | { readonly problem: string }> {
    const parsed = parseFilter(filter);
    if (!parsed.ok) return { problem: parsed.problem.message };
    if (parsed.node === undefined) return [...ids];
    const test = compileFilter(parsed.node);
    const withBodies = needsBody(parsed.node);
    const matching: number[] = [];
    for (const id of ids) {
      const view = await this.#view(id);
      if (view !== undefined && (await this.#passes(test, view, withBodies))) matching.push(id);
      await setImmediate();
    }
    return matching;
  }

  /** For each exchange the values of the asked fields; null where there is none. */
  async fields(ids: readonly number[], fields: readonly ExchangeField[]): Promise<(string | null)[][]> {
    const values: (string | null)[][] = [];
    for (const id of ids) {
      const view = await this.#view(id);
      values.push(fields.map((field) => (view === undefined ? null : fieldOf(view, field))));
    }
    return values;
  }

  async #view(id: number): Promise<ExchangeView | undefined> {
    const events = await this.#sources.recorder.read(id);
    return events === undefined ? undefined : fold(events);
  }

  async #passes(test: FilterTest, view: ExchangeView, withBodies: boolean): Promise<boolean> {
    const bodyOf = async (side: 'request' | 'response'): Promise<string> => (withBodies ? this.#text(view, side) : '');
    const detail: FilterDetail = {
      requestHeaders: view.request.headers,
      responseHeaders: view.response?.headers ?? [],
      requestBody: await bodyOf('request'),
      responseBody: await bodyOf('response'),
      cacheKey: view.decision?.key ?? '',
    };
    return test(view, this.#sources.recorder.annotationOf(view.id), detail) === YES;
  }

  async #text(view: ExchangeView, side: 'request' | 'response'): Promise<string> {
    const message = view[side];
    if (message?.body === undefined || message.body.captured === 0) return '';
    const bytes = await this.#sources.bodies.read({ exchange: view.id, side }, 0, SEARCHED_BYTES);
    return bytes === undefined ? '' : textDecoderFor(message.headers).decode(bytes);
  }
}

function fieldOf(view: ExchangeView, field: ExchangeField): string | null {
  if (field.of === 'cache-key') return view.decision?.key ?? null;
  const headers = view[field.of]?.headers;
  const value = headers === undefined ? undefined : joinedHeader(headers, field.name);
  return value === undefined ? null : value.slice(0, SHOWN_CHARACTERS);
}
