import type { Annotation } from '../../../shared/annotation.ts';
import type { TraceEvent } from '../../../shared/trace-event.ts';
import type { BeginningExchange, RecordedMessage, SessionItem } from '../trace/session-item.ts';

/** Bytes of each body, and of all messages, that an exchange is given with. */
const MAX_BODY = 32 * 1024 * 1024;
/** Bytes of bodies that are remembered by their names. */
const MAX_NAMED = 128 * 1024 * 1024;

/** An exchange with its bodies in memory. */
export interface WholeExchange {
  readonly events: readonly TraceEvent[];
  readonly request: Uint8Array;
  readonly response: Uint8Array;
  readonly messages: readonly RecordedMessage[];
  readonly annotation: Annotation | undefined;
}

/** A session's stream cut into exchanges, for formats that have everything of an exchange in one place. */
export async function* wholeExchanges(items: AsyncIterable<SessionItem>): AsyncGenerator<WholeExchange> {
  const named = new NamedBodies();
  let current: Gathering | undefined;
  for await (const item of items) {
    if (item.kind === 'exchange') {
      if (current !== undefined) yield current.finish(named);
      current = new Gathering(item);
    } else {
      current?.add(item);
    }
  }
  if (current !== undefined) yield current.finish(named);
}

class Gathering {
  readonly #begun: BeginningExchange;
  readonly #parts: { readonly request: Uint8Array[]; readonly response: Uint8Array[] } = { request: [], response: [] };
  readonly #bytes = { request: 0, response: 0, messages: 0 };
  readonly #messages: RecordedMessage[] = [];

  constructor(begun: BeginningExchange) {
    this.#begun = begun;
  }

  add(item: SessionItem): void {
    if (item.kind === 'body') {
      this.#bytes[item.side] += item.bytes.length;
      if (this.#bytes[item.side] <= MAX_BODY) this.#parts[item.side].push(item.bytes);
    } else if (item.kind === 'message') {
      this.#bytes.messages += item.payload.length;
      if (this.#bytes.messages <= MAX_BODY) this.#messages.push(item);
    }
  }

  finish(named: NamedBodies): WholeExchange {
    const came = Buffer.concat(this.#parts.response);
    const { events, bodyName, annotation } = this.#begun;
    const response = bodyName === undefined ? came : named.resolve(bodyName, came);
    return { events, request: Buffer.concat(this.#parts.request), response, messages: this.#messages, annotation };
  }
}

/** Bodies that come once and are meant again: the latest of them. */
class NamedBodies {
  readonly #bodies = new Map<string, Uint8Array>();
  #bytes = 0;

  /** The body of this name, which came now if it is not empty. */
  resolve(name: string, came: Uint8Array): Uint8Array {
    const body = came.length > 0 ? came : this.#bodies.get(name);
    if (body === undefined) return came;
    if (!this.#bodies.delete(name)) this.#bytes += body.length;
    this.#bodies.set(name, body);
    for (const [oldest, forgotten] of this.#bodies) {
      if (this.#bytes <= MAX_NAMED) break;
      this.#bodies.delete(oldest);
      this.#bytes -= forgotten.length;
    }
    return body;
  }
}
