import type { TraceEvent } from '../../../shared/trace-event.ts';
import { decodeEvents, decodeExtents } from './event-decoder.ts';
import type { Captures } from './event-decoder.ts';
import type { Extent } from './extents.ts';
import { openRecord } from './record.ts';
import type { SymbolTable } from './symbol-table.ts';

/** Everything that is kept of a finished exchange: its events, and where the rest lies. */
export interface LoadedExchange {
  readonly events: TraceEvent[];
  readonly captures: Captures;
}

/** Finished exchanges and their bytes: those of this run, or those that another one left behind. */
export interface KeptExchanges {
  /** Undefined when it is not kept (any more). Throws when its records are damaged. */
  load(id: number): Promise<LoadedExchange | undefined>;
  /** Undefined when a part of it is not kept (any more). */
  readBody(extents: readonly Extent[], offset: number, length: number): Promise<Uint8Array | undefined>;
}

/** What the two records of exchange `id` say; undefined when they are not its records. Throws when they are damaged. */
export function loadExchange(
  id: number,
  list: Buffer,
  detail: Buffer,
  symbols: SymbolTable,
): LoadedExchange | undefined {
  const row = openRecord(list, id, symbols);
  if (row === undefined) return undefined;
  const events = decodeEvents(id, row, openRecord(detail, id, symbols));
  const rest = openRecord(detail, id, symbols);
  return { events, captures: rest === undefined ? NO_CAPTURES : decodeExtents(rest) };
}

const NO_CAPTURES: Captures = { request: [], response: [], messages: [] };
