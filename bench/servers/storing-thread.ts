// Writes what bare-storing-proxy.ts sends it to SQLite, a transaction for each batch.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/** Responses whose bodies lie one after the other in `bytes`. */
export interface Batch {
  readonly responses: readonly { readonly url: string; readonly head: string; readonly length: number }[];
  readonly bytes: Uint8Array;
}

const database = new DatabaseSync(String(workerData));
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
  CREATE TABLE responses (id INTEGER PRIMARY KEY, url TEXT, head TEXT, body BLOB);
  CREATE INDEX by_url ON responses (url)`);
const insert = database.prepare('INSERT INTO responses (url, head, body) VALUES (?, ?, ?)');

parentPort?.on('message', ({ responses, bytes }: Batch) => {
  database.exec('BEGIN');
  let at = 0;
  for (const { url, head, length } of responses) {
    insert.run(url, head, bytes.subarray(at, at + length));
    at += length;
  }
  database.exec('COMMIT');
});
