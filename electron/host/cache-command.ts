import { once } from 'node:events';
import { join } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { messageOf } from '../../shared/message-of.ts';
import type { EntryFilter } from '../engine/cache/entry-filter.ts';
import { isBusy, isDamage, UnusableDatabase } from '../engine/cache/stores/disk-schema.ts';
import { StoredResponses } from '../engine/cache/stores/stored-responses.ts';
import { bytesText, durationText, entryTable, entryText } from './cache-text.ts';
import { defaultDataDirectory } from './data-directory.ts';

interface Place {
  readonly dataDir: string;
}

interface ListFlags extends Place {
  readonly json: boolean;
  readonly limit: number;
}

interface PurgeFlags extends Place {
  readonly id?: number;
  readonly host?: string;
  readonly group?: string;
  readonly all: boolean;
}

/** Adds `hopscope cache …`: what is stored on disk, looked at and purged from outside, whether or not a Hopscope runs on it. */
export function addCacheCommand(program: Command): void {
  const cache = program.command('cache').description('look at the stored responses, and purge them').exitOverride();
  subcommand(cache, 'ls [search]', 'list stored responses, the last used first; search is a part of the URL')
    .option('--limit <number>', 'how many at most', count, 100)
    .option('--json', 'one JSON object per line', false)
    .action((search: string | undefined, flags: ListFlags) => inStore(flags, (store) => list(store, search, flags)));
  subcommand(cache, 'show <id-or-url>', 'show a stored response: its fields, or its body')
    .option('--body', 'write the body alone, byte for byte', false)
    .action((name: string, flags: Place & { body: boolean }) =>
      inStore(flags, (store) => show(store, name, flags.body)),
    );
  subcommand(cache, 'purge [pattern]', 'forget stored responses; in a URL pattern * stands for anything')
    .option('--id <number>', 'the one with this number', count)
    .option('--host <host>', 'those of a host, as in example.com or example.com:8080')
    .option('--group <group>', 'those of a cache group (RFC 9875), of every origin')
    .option('--all', 'everything', false)
    .action((pattern: string | undefined, flags: PurgeFlags, command: Command) => {
      const filter = filterOf(pattern, flags, command);
      return inStore(flags, (store) => purge(store, filter));
    });
  subcommand(cache, 'stats', 'show what is stored and what it has saved')
    .option('--json', 'as JSON', false)
    .action((flags: Place & { json: boolean }) => inStore(flags, (store) => stats(store, flags.json)));
}

function subcommand(cache: Command, usage: string, description: string): Command {
  return cache
    .command(usage)
    .description(description)
    .option('--data-dir <directory>', 'where the cache is', defaultDataDirectory())
    .allowExcessArguments(false)
    .exitOverride();
}

async function inStore({ dataDir }: Place, work: (store: StoredResponses) => void | Promise<void>): Promise<void> {
  const directory = join(dataDir, 'cache');
  let store: StoredResponses | undefined;
  try {
    store = StoredResponses.open(directory);
    await work(store);
  } catch (error) {
    const remedy = remedyFor(error);
    if (remedy === undefined) throw error;
    throw new Error(`the cache in ${directory} cannot be used (${messageOf(error)}); ${remedy}`, { cause: error });
  } finally {
    store?.close();
  }
}

const SQLITE_FULL = 13;

/** What to do about an error of the index; undefined for other errors. */
function remedyFor(error: unknown): string | undefined {
  if (error instanceof UnusableDatabase && error.kind === 'newer')
    return 'use the newer Hopscope, or another --data-dir';
  if (isDamage(error)) return '"hopscope serve" sets it aside and begins a new one';
  if (isBusy(error)) return 'another process is writing to it; try again';
  const { errcode } = error as { errcode?: number };
  if (errcode === undefined) return undefined;
  return errcode % 256 === SQLITE_FULL ? 'make room on its disk' : 'see that you may write to it';
}

function list(store: StoredResponses, search: string | undefined, { limit, json }: ListFlags): void {
  const { total, entries } = store.list({ ...(search === undefined ? {} : { search }), offset: 0, limit });
  if (json) {
    for (const entry of entries) print(JSON.stringify(entry));
    return;
  }
  if (total === 0) {
    print(search === undefined ? 'Nothing is stored.' : `Nothing is stored whose URL has "${search}" in it.`);
    return;
  }
  print(entryTable(entries, Date.now()));
  if (entries.length < total) print(`… and ${total - entries.length} more; --limit shows more of them`);
}

async function show(store: StoredResponses, name: string, body: boolean): Promise<void> {
  const found = store.find(name);
  const [first] = found;
  if (first === undefined) throw new Error(`nothing is stored under ${name}`);
  if (!body) {
    print(found.map((entry) => entryText(entry, Date.now())).join('\n\n'));
    return;
  }
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new Error(`${name} has several variants; choose one by its number: ${ids}`);
  }
  for await (const chunk of store.body(first)) {
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  }
}

async function purge(store: StoredResponses, filter: EntryFilter): Promise<void> {
  const { purged, noticed } = await store.purge(filter);
  print(`Purged ${purged} stored ${purged === 1 ? 'response' : 'responses'}.`);
  if (!noticed) throw new Error('the Hopscope that runs on this cache has not confirmed the purge');
}

function stats(store: StoredResponses, json: boolean): void {
  const totals = store.stats();
  if (json) {
    print(JSON.stringify(totals));
    return;
  }
  const { entries, bytes, hits, bytesSaved, msSaved } = totals;
  print(`stored       ${entries} ${entries === 1 ? 'response' : 'responses'}, ${bytesText(bytes)}`);
  print(`hits         ${hits}`);
  print(`saved        ${bytesText(bytesSaved)}, ${durationText(msSaved)} of waiting`);
}

function filterOf(pattern: string | undefined, flags: PurgeFlags, command: Command): EntryFilter {
  const { id, host, group, all } = flags;
  for (const [name, value] of Object.entries({ 'the URL pattern': pattern, '--host': host, '--group': group })) {
    // A script's variable that is not set; as a pattern it would mean everything.
    if (value?.trim() === '') command.error(`hopscope: ${name} is empty; --all purges everything`);
  }
  if (host?.includes('/') === true) {
    command.error(
      'hopscope: --host takes a host, as in example.com or example.com:8080; a URL is a pattern, without --host',
    );
  }
  const filters: EntryFilter[] = [
    ...(pattern === undefined ? [] : [{ pattern }]),
    ...(id === undefined ? [] : [{ id }]),
    ...(host === undefined ? [] : [{ host }]),
    ...(group === undefined ? [] : [{ groups: [group] }]),
    ...(all ? [{ all } as const] : []),
  ];
  const [filter] = filters;
  if (filter !== undefined && filters.length === 1) return filter;
  return command.error('hopscope: say what to purge with one of: a URL pattern, --id, --host, --group, --all');
}

function count(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number.');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
