import type {
  Answer,
  EventMap,
  EventName,
  InspectorApi,
  LinkState,
  Params,
  RequestName,
  ResultOf,
} from '../../shared/contract.ts';

type AnyAnswer = Answer<unknown>;
type Listeners = { [N in EventName]: Set<(payload: EventMap[N]) => void> };

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5000;

/**
 * The contract over WebSocket. Requests are JSON text frames `{id, name, params}`, answers `{id, ok, value | error}` and
 * events `{event, payload}`. Bytes come as one binary frame: the length of a JSON header as four big-endian bytes, the
 * header `{id, ok: true}`, the bytes. A lost connection is re-established with growing pauses; requests that were under
 * way, or are made meanwhile, are answered with the error `DISCONNECTED`. Why a connection was refused no page is told, so
 * the host is asked for its page: where that comes, it is the token that it does not know.
 */
export class WebSocketApi implements InspectorApi {
  readonly #url: string;
  #socket: WebSocket | undefined;
  #state: LinkState = 'connecting';
  #lastId = 0;
  #retryMs = FIRST_RETRY_MS;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  readonly #pending = new Map<number, (answer: AnyAnswer) => void>();
  readonly #connectionListeners = new Set<(state: LinkState) => void>();
  readonly #listeners: Listeners = {
    'trace.batch': new Set(),
    'settings.changed': new Set(),
    'status.changed': new Set(),
    'session.cleared': new Set(),
    'exchanges.deleted': new Set(),
    'exchanges.annotated': new Set(),
    'session.restored': new Set(),
    'sessions.changed': new Set(),
    'sessions.progress': new Set(),
    'cache.changed': new Set(),
    'systemProxy.changed': new Set(),
    'app.event': new Set(),
  };

  constructor(url: string) {
    this.#url = url;
    this.#connect();
  }

  request<N extends RequestName>(name: N, params: Params<N>): Promise<Answer<ResultOf<N>>> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.resolve(disconnected());
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      // The engine's host keeps to the contract's types; the answer to a request has its result's type.
      this.#pending.set(id, resolve as (answer: AnyAnswer) => void);
      socket.send(JSON.stringify({ id, name, params }));
    });
  }

  on<N extends EventName>(name: N, listener: (payload: EventMap[N]) => void): () => void {
    this.#listeners[name].add(listener);
    return () => {
      this.#listeners[name].delete(listener);
    };
  }

  onConnection(listener: (state: LinkState) => void): () => void {
    this.#connectionListeners.add(listener);
    listener(this.#state);
    return () => {
      this.#connectionListeners.delete(listener);
    };
  }

  /** Ends the connection for good. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    this.#socket?.close();
  }

  #connect(): void {
    this.#setState('connecting');
    const socket = new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    let opened = false;
    socket.addEventListener('open', () => {
      opened = true;
      this.#retryMs = FIRST_RETRY_MS;
      this.#setState('open');
    });
    socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => this.#receive(data));
    // An error is always followed by a close, which does the rest.
    socket.addEventListener('close', () => void this.#disconnected(opened));
  }

  async #disconnected(wasOpen: boolean): Promise<void> {
    for (const answer of this.#pending.values()) answer(disconnected());
    this.#pending.clear();
    const refused = !wasOpen && !this.#closed && (await answers(this.#url));
    this.#setState(refused ? 'refused' : 'closed');
    if (this.#closed) return;
    this.#retryTimer = setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  #receive(data: string | ArrayBuffer): void {
    if (typeof data !== 'string') {
      const { id, bytes } = parseBinary(data);
      this.#answer(id, { ok: true, value: bytes });
      return;
    }
    const message = JSON.parse(data) as { event: EventName; payload: unknown } | ({ id: number } & AnyAnswer);
    if ('event' in message) this.#emit(message.event, message.payload);
    else this.#answer(message.id, message);
  }

  #answer(id: number, answer: AnyAnswer): void {
    this.#pending.get(id)?.(answer);
    this.#pending.delete(id);
  }

  #emit(name: EventName, payload: unknown): void {
    // An event that this page is too old to know is not for it.
    if (!Object.hasOwn(this.#listeners, name)) return;
    const listeners = this.#listeners[name] as Set<(payload: unknown) => void>;
    for (const listener of listeners) listener(payload);
  }

  #setState(state: LinkState): void {
    this.#state = state;
    for (const listener of this.#connectionListeners) listener(state);
  }
}

/** Whether the host of a WebSocket's address serves a page there. */
async function answers(url: string): Promise<boolean> {
  const page = new URL('/', url.replace(/^ws/, 'http'));
  try {
    return (await fetch(page, { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    // Nobody is there: what the question was about.
    return false;
  }
}

function disconnected(): Answer<never> {
  return { ok: false, error: { code: 'DISCONNECTED', message: 'Not connected to the engine.' } };
}

function parseBinary(frame: ArrayBuffer): { readonly id: number; readonly bytes: Uint8Array } {
  const headerLength = new DataView(frame).getUint32(0);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(frame, 4, headerLength))) as { id: number };
  return { id: header.id, bytes: new Uint8Array(frame, 4 + headerLength) };
}
