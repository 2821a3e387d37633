import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { GONE_COLUMNS } from './disk-queries.ts';

/** The statements that change single entries, prepared once. */
export interface Statements {
  /** Takes the {@link EntryColumns}. */
  readonly add: StatementSync;
  readonly addContent: StatementSync;
  /** Takes the {@link EntryColumns} without the id, then the id. */
  readonly update: StatementSync;
  readonly setHead: StatementSync;
  readonly find: StatementSync;
  readonly remove: StatementSync;
  readonly removeContent: StatementSync;
  readonly use: StatementSync;
  readonly oldest: StatementSync;
  readonly counter: StatementSync;
  readonly setCounter: StatementSync;
  /** Takes the name and what to add. */
  readonly addToCounter: StatementSync;
  readonly dataVersion: StatementSync;
  /** Takes a ticket and what was purged with it. */
  readonly tellPurge: StatementSync;
  /** What was purged behind one ticket and up to another. */
  readonly toldPurges: StatementSync;
  readonly forgetPurges: StatementSync;
}

export function prepareStatements(db: DatabaseSync): Statements {
  return {
    add: db.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    addContent: db.prepare('INSERT INTO contents VALUES (?, ?, ?)'),
    update: db.prepare(
      `UPDATE entries SET key_hash = ?, path_hash = ?, loose_hash = ?, group_hash = ?, used = ?, stored = ?, hits = ?,
         bytes = ?, body_length = ?, file = ?, status = ?, uri = ?, saved = ? WHERE id = ?`,
    ),
    setHead: db.prepare('UPDATE contents SET head = ? WHERE id = ?'),
    find: db.prepare(`SELECT ${GONE_COLUMNS} FROM entries e WHERE e.id = ?`),
    remove: db.prepare('DELETE FROM entries WHERE id = ?'),
    removeContent: db.prepare('DELETE FROM contents WHERE id = ?'),
    use: db.prepare('UPDATE entries SET hits = ?, used = ?, saved = ? WHERE id = ?'),
    oldest: db.prepare(`SELECT ${GONE_COLUMNS} FROM entries e ORDER BY e.used LIMIT ?`),
    counter: db.prepare('SELECT value FROM counters WHERE name = ?'),
    setCounter: db.prepare('INSERT OR REPLACE INTO counters VALUES (?, ?)'),
    addToCounter: db.prepare(
      'INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value',
    ),
    dataVersion: db.prepare('PRAGMA data_version'),
    tellPurge: db.prepare('INSERT INTO purges VALUES (?, ?)'),
    toldPurges: db.prepare('SELECT filter FROM purges WHERE ticket > ? AND ticket <= ? ORDER BY ticket'),
    forgetPurges: db.prepare('DELETE FROM purges WHERE ticket <= ?'),
  };
}
