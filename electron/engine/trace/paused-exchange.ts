import type { Decision, Verdict } from '../../../shared/decision.ts';
import type { ExchangeTrace, HandlerPhase, OpenPhase } from '../chain/exchange-trace.ts';
import type { TrafficTotals } from './traffic-totals.ts';

/** The trace of an exchange that is not recorded: it keeps time, counts for the totals, and nothing else. */
export class PausedExchange implements ExchangeTrace {
  readonly id: number;
  readonly recorded = false;
  readonly #now: () => number;
  readonly #totals: TrafficTotals;
  #verdict: Verdict | undefined;
  #bytes = 0;

  constructor(id: number, now: () => number, totals: TrafficTotals) {
    this.id = id;
    this.#now = now;
    this.#totals = totals;
  }

  now(): number {
    return this.#now();
  }

  enter(handler: string, phase: HandlerPhase): OpenPhase {
    return { handler, phase, start: 0 };
  }

  decided({ verdict }: Decision): void {
    this.#verdict = verdict;
  }

  responseChunk(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
  }

  finished(): void {
    this.#totals.count(this.#verdict, this.#bytes);
  }

  clientSecured(): void {}
  upstreamSecured(): void {}
  upstreamRequest(): void {}
  upstreamResponse(): void {}
  requestHead(): void {}
  requestChunk(): void {}
  tunnelled(): void {}
  requestEnded(): void {}
  informational(): void {}
  responseStarted(): void {}
  responseEnded(): void {}
  messages(): undefined {}
  settling(): undefined {}
  span(): void {}
  leave(): void {}
  gateway(): void {}
  ruleApplied(): void {}
  held(): void {}
  released(): void {}
  note(): void {}
}
