import type { ExchangeTrace, HandlerPhase, OpenPhase } from '../chain/exchange-trace.ts';

/** The trace of an exchange that is not recorded: it keeps time and nothing else. */
export class PausedExchange implements ExchangeTrace {
  readonly id: number;
  readonly #now: () => number;

  constructor(id: number, now: () => number) {
    this.id = id;
    this.#now = now;
  }

  now(): number {
    return this.#now();
  }

  enter(handler: string, phase: HandlerPhase): OpenPhase {
    return { handler, phase, start: 0 };
  }

  requestHead(): void {}
  requestChunk(): void {}
  tunnelled(): void {}
  requestEnded(): void {}
  decided(): void {}
  informational(): void {}
  responseStarted(): void {}
  responseChunk(): void {}
  responseEnded(): void {}
  span(): void {}
  leave(): void {}
  note(): void {}
  finished(): void {}
}
