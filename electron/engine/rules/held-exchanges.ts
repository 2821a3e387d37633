import { MAX_HELD } from '../../../shared/rules-contract.ts';
import type { HeldMessage, ReleaseOrder } from '../../../shared/rules-contract.ts';
import type { Exchange } from '../chain/exchange.ts';

/** A message that waits for a person. */
export interface Holding {
  /** The name of the rule that holds it. */
  readonly rule: string;
  /** What is held, for a person to read. */
  read(): Promise<HeldMessage>;
  /** What is wrong with an order, in a sentence; undefined when it can be carried out. */
  problemOf(order: ReleaseOrder): string | undefined;
}

/** An order that cannot be carried out; the exchange is still held. */
export class ReleaseError extends Error {
  readonly code = 'BAD_REQUEST';
}

interface Waiting {
  readonly holding: Holding;
  readonly release: (order: ReleaseOrder) => void;
}

/** How long (ms) what is held waits for somebody to connect again: a page that is loaded anew is away for a moment. */
const AWAY_MS = 10_000;

/**
 * The exchanges that rules hold, and whoever may release them. Nothing is held unless somebody is connected who could: a
 * client would wait for ever.
 */
export class HeldExchanges {
  readonly #held = new Map<number, Waiting>();
  readonly #awayMs: number;
  #attended = false;
  #away: NodeJS.Timeout | undefined;

  constructor(awayMs = AWAY_MS) {
    this.#awayMs = awayMs;
  }

  /** Why nothing (more) can be held now, in a sentence; undefined when it can. */
  get refusal(): string | undefined {
    if (!this.#attended) return 'Nobody is connected who could let it go on.';
    if (this.#held.size >= MAX_HELD) return `${MAX_HELD} exchanges are paused already.`;
    return undefined;
  }

  /** Holds a message; resolves with the order for it, or with `gone` when nobody waits for it any more. */
  hold(x: Pick<Exchange, 'id' | 'aborted' | 'onAbort'>, holding: Holding): Promise<ReleaseOrder | 'gone'> {
    return new Promise((resolve) => {
      const forget = x.onAbort(() => {
        this.#held.delete(x.id);
        resolve('gone');
      });
      if (x.aborted !== undefined) return;
      this.#held.set(x.id, {
        holding,
        release: (order) => {
          this.#held.delete(x.id);
          forget();
          resolve(order);
        },
      });
    });
  }

  /** What is held of an exchange; undefined when nothing is. */
  async read(id: number): Promise<HeldMessage | undefined> {
    return this.#held.get(id)?.holding.read();
  }

  /**
   * Carries out an order. Says whether anything was held.
   * @throws {ReleaseError} when the order makes no sense; it is held still.
   */
  release(id: number, order: ReleaseOrder): boolean {
    const waiting = this.#held.get(id);
    if (waiting === undefined) return false;
    const problem = waiting.holding.problemOf(order);
    if (problem !== undefined) throw new ReleaseError(problem);
    waiting.release(order);
    return true;
  }

  /** Lets everything go on as it is; says how many that were. */
  releaseAll(): number {
    return this.#endAll(() => true, { type: 'continue' });
  }

  /** Lets go on what is held by none of the rules called `names`. */
  keepOnly(names: ReadonlySet<string>): void {
    this.#endAll(({ rule }) => !names.has(rule), { type: 'continue' });
  }

  /** Says whether anybody is connected who can release what is held. A little while after the last one left, all goes on. */
  attend(somebody: boolean): void {
    clearTimeout(this.#away);
    if (somebody) {
      this.#attended = true;
      return;
    }
    this.#away = setTimeout(() => {
      this.#attended = false;
      this.releaseAll();
    }, this.#awayMs);
    this.#away.unref();
  }

  /** Nothing is held any more: what waits is not sent on. */
  close(): void {
    clearTimeout(this.#away);
    this.#attended = false;
    this.#endAll(() => true, { type: 'abort' });
  }

  #endAll(which: (holding: Holding) => boolean, order: ReleaseOrder): number {
    const ended = [...this.#held.values()].filter(({ holding }) => which(holding));
    for (const waiting of ended) waiting.release(order);
    return ended.length;
  }
}
