import type { FromRows, RowQuery, ToRows } from './query-messages.ts';
import { RowIndex } from './row-index.ts';
import type { RowResult } from './row-index.ts';

/** Work goes on for so long before messages that have come meanwhile get their turn. */
const TURN_MS = 12;
/** How often results on the way are told. */
const TELL_MS = 60;

/** What the thread with the ended rows does with each message; the thread itself is a few lines around it. */
export class RowThread {
  readonly #index = new RowIndex();
  readonly #send: (message: FromRows) => void;
  /** Calls back after messages that wait have been delivered. */
  readonly #pause: (callback: () => void) => void;
  /** The query that counts; one that goes on under another number stops. */
  #current = 0;

  constructor(send: (message: FromRows) => void, pause: (callback: () => void) => void) {
    this.#send = send;
    this.#pause = pause;
  }

  take(message: ToRows): void {
    switch (message.type) {
      case 'add':
        this.#index.add(message.rows);
        break;
      case 'forget':
        this.#index.forget(message.ids);
        break;
      case 'reset':
        this.#index.reset();
        break;
      case 'query':
        this.#run(message.number, message.query);
        break;
      case 'cancel':
        this.#current = 0;
        break;
      case 'ask':
        this.#send({ type: 'answer', number: message.number, answer: this.#index.answer(message.question) });
        break;
    }
  }

  #run(number: number, query: RowQuery): void {
    this.#current = number;
    const steps = this.#index.run(query);
    let told = performance.now();
    const tell = (result: RowResult): void => {
      told = performance.now();
      this.#send({ type: 'result', number, ...result });
    };
    const turn = (): void => {
      const begun = performance.now();
      while (this.#current === number) {
        const step = steps.next();
        if (step.done === true) {
          tell(step.value);
          return;
        }
        const now = performance.now();
        if (step.value !== undefined && now - told >= TELL_MS) tell(step.value());
        if (now - begun >= TURN_MS) {
          this.#pause(turn);
          return;
        }
      }
    };
    turn();
  }
}
