import type { FromRows, ToRows } from './query-messages.ts';
import { RowThread } from './row-thread.ts';

/** What a worker's global scope has of what is used here; the DOM library types a page's instead. */
interface WorkerScope {
  postMessage(message: FromRows, transfer: ArrayBuffer[]): void;
  onmessage: ((event: MessageEvent<ToRows>) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;

// A message to oneself comes after those that wait already; timers would be slowed down to 4 ms.
const later = new MessageChannel();
const waiting: (() => void)[] = [];
later.port1.onmessage = () => waiting.shift()?.();

const thread = new RowThread(
  (message) => scope.postMessage(message, message.type === 'result' ? [message.ids.buffer] : []),
  (callback) => {
    waiting.push(callback);
    later.port2.postMessage(undefined);
  },
);
scope.onmessage = ({ data }) => thread.take(data);
