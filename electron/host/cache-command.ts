import { once } from 'node:events';
import { join } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { CacheSummary, EntrySort, PurgeTarget } from '../../shared/cache-contract.ts';
import { messageOf } from '../../shared/message-of.ts';
import { entryRow } from '../engine/cache/describe-entry.ts';
import type { EntryPage } from '../engine/cache/cache-store.ts';
import { filterOf } from '../engine/cache/purge-filter.ts';
import { isBusy, isDamage, UnusableDatabase } from '../engine/cache/stores/disk-schema.ts';
import { StoredResponses } from '../engine/cache/stores/stored-responses.ts';
import { cacheSettingsOf } from '../engine/handlers/cache-settings.ts';
import { bytesText, durationText, entryTable, entryText } from './cache-text.ts';
import { defaultDataDirectory, directory } from './data-directory.ts';
import { decisionText } from './decision-text.ts';
import { entriesByTtl } from './entries-by-ttl.ts';
import { exchangeLine, printable } from './exchange-text.ts';
import { recordedExchange } from './recorded-exchange.ts';
import { purgeRunning, runningInMemory } from './running-in-memory.ts';
import type { SettingsInUse } from './settings-in-use.ts';
import { settingsInUse } from './settings-in-use.ts';

interface Place {
  readonly dataDir: string;
}

interface ListFlags extends Place {
  readonly json: boolean;
  readonly limit: number;
  readonly sort: keyof typeof SORTS | typeof BY_TTL;
  readonly reverse: boolean;
}

/** The orders of the Cache page, with the direction that each begins with there. */
const SORTS = {
  used: { sort: 'lastUsed', ascending: false },
  stored: { sort: 'stored', ascending: false },
  hits: { sort: 'hits', ascending: false },
  size: { sort: 'bytes', ascending: false },
  url: { sort: 'uri', ascending: true },
  status: { sort: 'status', ascending: true },
} as const satisfies Record<string, { readonly sort: EntrySort; readonly ascending: boolean }>;

/** An order that depends on the settings, so that it is no order of the store. */
const BY_TTL = 'ttl';

interface PurgeFlags extends Place {
  readonly id?: number;
  readonly host?: string;
  readonly group?: string;
  readonly all: boolean;
}

/** Adds `hopscope cache …`: what is stored on disk, looked at and purged from outside, whether or not a Hopscope runs on it. */
export function addCacheCommand(program: Command): void {
  const cache = program
    .command('cache')
    .description('look at the stored responses, purge them, and ask why requests were answered so')
    .exitOverride();
  subcommand(cache, 'ls [search]', 'list stored responses; search is a part of the URL')
    .addOption(new Option('--sort <order>', 'the order').choices([...Object.keys(SORTS), BY_TTL]).default('used'))
    .option('--reverse', 'the other way round: the last used last, the smallest first, …', false)
    .option('--limit <number>', 'how many at most', count, 100)
    .option('--json', 'one JSON object per line', false)
    .action((search: string | undefined, flags: ListFlags) => inStore(flags, (store) => list(store, search, flags)));
  subcommand(cache, 'show <id-or-url>', 'show a stored response: its fields, or its body')
    .option('--body', 'write the body alone, byte for byte', false)
    .action((name: string, flags: Place & { body: boolean }) => inStore(flags, (store) => show(store, name, flags)));
  subcommand(cache, 'purge [pattern]', 'forget stored responses; in a URL pattern * stands for anything')
    .option('--id <number>', 'the one with this number', count)
    .option('--host <host>', 'those of a host, as in example.com or example.com:8080')
    .option('--group <group>', 'those of a cache group (RFC 9875), of every origin')
    .option('--all', 'everything', false)
    .action((pattern: string | undefined, flags: PurgeFlags, command: Command) => {
      const target = targetOf(pattern, flags, command);
      return inStore(flags, (store) => purge(store, target, flags));
    });
  subcommand(
    cache,
    'why <number-or-url>',
    'say why a request was answered as it was: the latest whose URL has this in it',
  )
    .option('--json', 'the decision as JSON', false)
    .action(why);
  subcommand(cache, 'stats', 'show what is stored and what it has saved')
    .option('--json', 'as JSON', false)
    .action((flags: Place & { json: boolean }) => inStore(flags, (store) => stats(store, flags)));
}

function subcommand(cache: Command, usage: string, description: string): Command {
  return cache
    .command(usage)
    .description(description)
    .option('--data-dir <directory>', 'where the cache is', directory, defaultDataDirectory())
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

async function list(store: StoredResponses, search: string | undefined, flags: ListFlags): Promise<void> {
  const { dataDir, limit, json, reverse } = flags;
  const known = await knownSettings(dataDir);
  const settings = cacheSettingsOf(known.settings);
  const found = { ...(search === undefined ? {} : { search }), limit };
  const page = (): EntryPage => {
    if (flags.sort === BY_TTL)
      return entriesByTtl((query) => store.list(query), { ...found, ascending: reverse, settings });
    const { sort, ascending } = SORTS[flags.sort];
    return store.list({ ...found, sort, ascending: ascending !== reverse, offset: 0 });
  };
  const { total, entries } = page();
  if (known.from === 'running') await tellOfMemory(dataDir);
  if (json) {
    for (const entry of entries) {
      const { born, expires, noCache, usable } = entryRow(entry, settings);
      print(JSON.stringify({ ...entry, born, expires, noCache, usable }));
    }
    return;
  }
  if (total === 0) {
    print(search === undefined ? 'Nothing is stored.' : `Nothing is stored whose URL has "${search}" in it.`);
    return;
  }
  print(entryTable(entries, Date.now(), settings));
  if (entries.length < total) print(`… and ${total - entries.length} more; --limit shows more of them`);
}

async function show(store: StoredResponses, name: string, { dataDir, body }: Place & { body: boolean }): Promise<void> {
  const found = store.find(name);
  await tellOfMemory(dataDir);
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

async function purge(store: StoredResponses, target: PurgeTarget, { dataDir }: Place): Promise<void> {
  const { purged: onDisk, noticed } = await store.purge(filterOf(target));
  // There are other numbers in memory, and none of them has been shown.
  const inMemory = 'id' in target ? undefined : await runningInMemory(dataDir, tell);
  const purged = onDisk + (inMemory === undefined ? 0 : await purgeRunning(dataDir, target));
  print(`Purged ${purged} stored ${purged === 1 ? 'response' : 'responses'}.`);
  if (!noticed) throw new Error('the Hopscope that runs on this cache has not confirmed the purge');
}

async function why(name: string, { dataDir, json }: Place & { json: boolean }): Promise<void> {
  const found = await recordedExchange(dataDir, name, tell);
  if (found === undefined) throw new Error(`no request is recorded with "${name}" as its number or in its URL`);
  const { view, epoch } = found;
  const { decision } = view;
  if (decision === undefined)
    throw new Error(`the cache was not asked about ${printable(`${view.method} ${view.url}`)}`);
  if (json) print(JSON.stringify({ id: view.id, method: view.method, url: view.url, ...decision }));
  else print(`${exchangeLine(view, epoch)}\n${decisionText(decision)}`);
}

async function stats(store: StoredResponses, { dataDir, json }: Place & { json: boolean }): Promise<void> {
  const { settings, from } = await knownSettings(dataDir);
  const memory = from === 'running' ? await runningInMemory(dataDir, tell) : undefined;
  const totals = memory === undefined ? store.stats() : totalsOf(memory);
  const { maxBytes, maxEntries } = {
    ...settings.cache,
    ...(memory === undefined ? {} : { maxBytes: memory.maxBytes }),
  };
  if (json) {
    const kind = memory === undefined ? 'disk' : 'memory';
    print(JSON.stringify({ ...totals, maxBytes, maxEntries, capsFrom: from, store: kind }));
    return;
  }
  const { entries, bytes, hits, bytesSaved, msSaved } = totals;
  const where = memory === undefined ? '' : ', in the memory of the running Hopscope';
  print(`stored       ${entries} ${entries === 1 ? 'response' : 'responses'}, ${bytesText(bytes)}${where}`);
  const whose = from === 'running' ? 'as the running Hopscope has it' : 'by the settings';
  print(
    `at most      ${maxEntries} responses (${share(entries, maxEntries)}), ${bytesText(maxBytes)} (${share(bytes, maxBytes)}), ${whose}`,
  );
  print(`hits         ${hits}`);
  print(`saved        ${bytesText(bytesSaved)}, ${durationText(msSaved)} of waiting`);
}

function totalsOf({
  entries,
  bytes,
  requests,
  savedBytes,
  savedMs,
}: CacheSummary): ReturnType<StoredResponses['stats']> {
  return { entries, bytes, hits: requests.hits, bytesSaved: savedBytes, msSaved: savedMs };
}

/** Says that what is on disk is not what a running Hopscope answers from, where that is so. */
async function tellOfMemory(dataDir: string): Promise<void> {
  if ((await runningInMemory(dataDir, tell)) === undefined) return;
  tell('the running Hopscope keeps its cache in memory, which its page Cache shows; this is what lies on disk');
}

async function knownSettings(dataDir: string): Promise<SettingsInUse> {
  const known = await settingsInUse(dataDir);
  for (const trouble of known.troubles) tell(trouble);
  return known;
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} % taken`;
}

function targetOf(pattern: string | undefined, flags: PurgeFlags, command: Command): PurgeTarget {
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
  const targets: PurgeTarget[] = [
    ...(pattern === undefined ? [] : [{ pattern }]),
    ...(id === undefined ? [] : [{ id }]),
    ...(host === undefined ? [] : [{ host }]),
    ...(group === undefined ? [] : [{ group }]),
    ...(all ? [{ everything: true } as const] : []),
  ];
  const [target] = targets;
  if (target !== undefined && targets.length === 1) return target;
  return command.error('hopscope: say what to purge with one of: a URL pattern, --id, --host, --group, --all');
}

function count(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number.');
}

function tell(sentence: string): void {
  process.stderr.write(`hopscope: ${sentence}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
