import type { FromRows } from '../../renderer/store/query/query-messages.ts';
import type { RowPort } from '../../renderer/store/query/row-port.ts';
import { RowThread } from '../../renderer/store/query/row-thread.ts';

/** What the worker of the rows does, on the caller's own thread. Answers come later, as from a thread. */
export function inlinePort(): RowPort {
  let listener: ((message: FromRows) => void) | undefined;
  const thread = new RowThread(
    (message) => void Promise.resolve().then(() => listener?.(message)),
    (callback) => void setTimeout(callback),
  );
  return {
    post: (message) => thread.take(message),
    listen(next) {
      listener = next;
    },
    close() {
      listener = undefined;
    },
  };
}
