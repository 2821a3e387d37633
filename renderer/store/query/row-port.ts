import type { FromRows, ToRows } from './query-messages.ts';

/** The way to whatever keeps the ended rows. */
export interface RowPort {
  post(message: ToRows, transfer?: ArrayBuffer[]): void;
  /** Where answers go; to be called once. */
  listen(listener: (message: FromRows) => void): void;
  close(): void;
}

/** A thread of its own, so that no filter and no sort takes time from drawing. */
export function workerPort(): RowPort {
  const worker = new Worker(new URL('./row-worker.ts', import.meta.url), { type: 'module', name: 'rows' });
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    listen(listener) {
      worker.onmessage = ({ data }: MessageEvent<FromRows>) => listener(data);
    },
    close: () => worker.terminate(),
  };
}
