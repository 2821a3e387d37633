import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { InspectorApi } from '../../shared/contract.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import type { ExchangeField } from '../../shared/search-contract.ts';

/** What the contract takes at once. */
const MOST_IDS = 200;
const MOST_FIELDS = 16;
/** Exchanges whose values are kept, the ones asked about last: far more than any screen shows. */
const MOST_KEPT = 4000;

interface KnownValues {
  /** How far the exchange was when it was read: fields of the response come later than those of the request. */
  readonly stage: number;
  readonly values: Map<string, string | null>;
}

/** What is in sight and should have its values. */
interface Sight {
  readonly rows: readonly ExchangeRow[];
  readonly fields: readonly ExchangeField[];
}

/**
 * Values that rows do not hold, such as header fields: asked of the engine for the rows in sight, many at a time, one
 * question after another, and kept for as many rows as are worth scrolling back to.
 */
export class FieldValues {
  /** Grows when values have come. */
  readonly store: StoreApi<{ readonly version: number }> = createStore(() => ({ version: 0 }));
  readonly #api: InspectorApi;
  readonly #failed: (message: string) => void;
  readonly #known = new Map<number, KnownValues>();
  #epoch: number | undefined;
  #sight: Sight = { rows: [], fields: [] };
  #asking = false;

  /** @param failed told why values cannot be had; they are asked for again when other rows come into sight */
  constructor(api: InspectorApi, failed: (message: string) => void) {
    this.#api = api;
    this.#failed = failed;
  }

  /** Undefined while it is not known, null where there is none. */
  get(id: number, field: ExchangeField): string | null | undefined {
    return this.#known.get(id)?.values.get(keyOf(field));
  }

  /** These rows are in sight: what is not known of them is asked for. */
  show(rows: readonly ExchangeRow[], fields: readonly ExchangeField[]): void {
    this.#sight = { rows, fields };
    if (!this.#asking) void this.#ask();
  }

  /** Forgets everything when the engine is another one: its ids mean other exchanges. */
  adopt(epoch: number): void {
    if (this.#epoch === epoch) return;
    this.#epoch = epoch;
    this.#known.clear();
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    for (let wanted = this.#missing(); wanted !== undefined; wanted = this.#missing()) {
      const { rows, fields } = wanted;
      const epoch = this.#epoch;
      const answer = await this.#api.request('exchanges.fields', { ids: rows.map(({ id }) => id), fields });
      if (!answer.ok) {
        // A lost connection tells of itself.
        if (answer.error.code !== 'DISCONNECTED') this.#failed(answer.error.message);
        break;
      }
      if (epoch !== this.#epoch) continue;
      rows.forEach((row, i) => this.#keep(row, fields, answer.value.values[i] ?? []));
      this.store.setState(({ version }) => ({ version: version + 1 }));
    }
    this.#asking = false;
  }

  /** What to ask for next: as many of the rows in sight as miss something, and what they miss. */
  #missing(): Sight | undefined {
    const { rows, fields } = this.#sight;
    const asked = fields.filter((field) => rows.some((row) => !this.#knows(row, field))).slice(0, MOST_FIELDS);
    if (asked.length === 0) return undefined;
    const missing = rows.filter((row) => asked.some((field) => !this.#knows(row, field)));
    return { rows: missing.slice(0, MOST_IDS), fields: asked };
  }

  #knows(row: ExchangeRow, field: ExchangeField): boolean {
    const known = this.#known.get(row.id);
    return known !== undefined && known.stage >= stageOf(row) && known.values.has(keyOf(field));
  }

  #keep(row: ExchangeRow, fields: readonly ExchangeField[], read: readonly (string | null)[]): void {
    const stage = stageOf(row);
    const before = this.#known.get(row.id);
    const values = before !== undefined && before.stage >= stage ? before.values : new Map<string, string | null>();
    fields.forEach((field, i) => values.set(keyOf(field), read[i] ?? null));
    this.#known.delete(row.id);
    this.#known.set(row.id, { stage, values });
    for (const id of this.#known.keys()) {
      if (this.#known.size <= MOST_KEPT) break;
      this.#known.delete(id);
    }
  }
}

function keyOf(field: ExchangeField): string {
  return field.of === 'cache-key' ? field.of : `${field.of}[${field.name}]`;
}

/** 0 before the response, 1 with its head, 2 when nothing more can come. */
function stageOf(row: ExchangeRow): number {
  if (row.end !== undefined) return 2;
  return row.responseAt === undefined ? 0 : 1;
}
