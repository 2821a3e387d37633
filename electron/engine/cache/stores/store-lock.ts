import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './disk-schema.ts';

/** How long somebody who only looks whether the lock is free may keep it from being taken. */
const LOOK_MS = 100;

/**
 * The right to write to a store's directory, held by one process. It is a transaction that is never ended on a tiny database
 * beside the store: the system itself takes the lock away from a process that dies, however it dies.
 */
export class StoreLock {
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Takes the lock of a directory.
   *
   * @returns the id of the process that has it, when another one does
   * @throws when the lock cannot be written
   */
  static take(directory: string): StoreLock | { readonly owner: number | undefined } {
    const db = new DatabaseSync(lockFile(directory), { timeout: LOOK_MS });
    try {
      db.exec('BEGIN IMMEDIATE');
      db.exec('CREATE TABLE IF NOT EXISTS owner (pid INTEGER NOT NULL) STRICT; DELETE FROM owner');
      db.prepare('INSERT INTO owner VALUES (?)').run(process.pid);
      // The number has to be written to be readable, and whoever comes in between simply has the lock then.
      db.exec('COMMIT; BEGIN IMMEDIATE');
      return new StoreLock(db);
    } catch (error) {
      const owner = isBusy(error) ? { owner: ownerIn(db) } : undefined;
      db.close();
      if (owner === undefined) throw error;
      return owner;
    }
  }

  release(): void {
    this.#db.close();
  }
}

/** Says whether a process has the lock of a directory. */
export function isLocked(directory: string): boolean {
  if (!existsSync(lockFile(directory))) return false;
  const db = new DatabaseSync(lockFile(directory), { timeout: 0 });
  try {
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    db.close();
  }
}

/** Beside the directory, which may have to be set aside while the lock is held. */
function lockFile(directory: string): string {
  return `${directory}.lock`;
}

function ownerIn(db: DatabaseSync): number | undefined {
  try {
    return (db.prepare('SELECT pid FROM owner').get() as { pid: number } | undefined)?.pid;
  } catch (error) {
    // It is just being written, or was never written in full.
    if (isBusy(error) || (error as { errcode?: number }).errcode === 1) return undefined;
    throw error;
  }
}
