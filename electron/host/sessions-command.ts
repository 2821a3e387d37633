import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { FilterNode } from '../../shared/filter/filter-ast.ts';
import { placedProblem } from '../../shared/filter/filter-problem.ts';
import { parseFilter } from '../../shared/filter/parse-filter.ts';
import type { SessionEntry } from '../../shared/session-contract.ts';
import { writeHarFile } from '../engine/sessions/har-export.ts';
import { matchingExchanges } from '../engine/sessions/matching-exchanges.ts';
import { writeSessionFile } from '../engine/sessions/session-file.ts';
import { SessionFolder, sessionPlaces } from '../engine/sessions/session-folder.ts';
import type { ReadLosses } from '../engine/trace/recorded-items.ts';
import { bytesText, durationText } from './cache-text.ts';
import { resultOfRunning } from './control-channel.ts';
import { defaultDataDirectory, directory } from './data-directory.ts';
import { countText, exchangeJson, exchangeLine, printable } from './exchange-text.ts';
import { outputFile, writeOutput } from './output-file.ts';
import { version } from './version.ts';

interface Place {
  readonly dataDir: string;
}

interface ExportFlags extends Place {
  readonly format?: 'har' | 'hopscope';
  readonly output: string;
  readonly secrets: boolean;
}

/** What stands for the newest recording of an earlier run. */
const LAST = 'last';

/** Adds `hopscope sessions …`: recordings of earlier runs and saved ones, whether or not a Hopscope runs on the directory. */
export function addSessionsCommand(program: Command): void {
  const sessions = program.command('sessions').description('recorded sessions: list, save, export').exitOverride();
  subcommand(sessions, 'ls', 'list the recordings of earlier runs and saved sessions, the newest first')
    .option('--json', 'as JSON, one a line', false)
    .action(list);
  subcommand(sessions, 'save <name>', 'have the running Hopscope save what it has recorded')
    .addOption(new Option('--format <format>', 'file format').choices(['har', 'hopscope']).default('hopscope'))
    .action(save);
  subcommand(sessions, 'export <name>', `write a session to a file; ${LAST} stands for the newest of an earlier run`)
    .requiredOption('-o, --output <file>', 'the file to write', outputFile)
    .addOption(
      new Option('--format <format>', 'file format (default: har for a file that ends so)').choices([
        'har',
        'hopscope',
      ]),
    )
    .option('--secrets', 'write logins and cookies into HAR files too', false)
    .action(exportSession);
  subcommand(
    sessions,
    'show <name>',
    `list the exchanges of a session; ${LAST} stands for the newest of an earlier run`,
  )
    .option('--filter <filter>', "only those that pass, in the filter language: 'status:5xx host:api'", readFilter)
    .option('--json', 'as JSON, one a line', false)
    .action(show);
  subcommand(sessions, 'rm <name>', 'delete a session').action(remove);
}

function subcommand(sessions: Command, usage: string, description: string): Command {
  return sessions
    .command(usage)
    .description(description)
    .option('--data-dir <directory>', 'where the sessions are', directory, defaultDataDirectory())
    .allowExcessArguments(false)
    .exitOverride();
}

function folderIn(dataDir: string): SessionFolder {
  return new SessionFolder(sessionPlaces(dataDir));
}

async function list({ dataDir, json }: Place & { json: boolean }): Promise<void> {
  const entries = await folderIn(dataDir).list();
  if (json) return print(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  if (entries.length === 0) return print('There are no sessions.\n');
  const rows = entries.map(({ kind, exchanges, bytes, endedAt, name, problem }) => [
    ...[KINDS[kind], exchanges === undefined ? '' : String(exchanges), bytesText(bytes)],
    ...[durationText(Date.now() - endedAt), printable(problem === undefined ? name : `${name} (${problem})`)],
  ]);
  const lines = [['KIND', 'REQUESTS', 'SIZE', 'AGE', 'NAME'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  for (const line of lines) {
    print(
      `${line.map((cell, i) => (i % 4 === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}\n`,
    );
  }
}

const KINDS = { run: 'run', saved: 'saved', har: 'HAR' } as const;

async function save(name: string, { dataDir, format }: Place & { format: 'har' | 'hopscope' }): Promise<void> {
  const saved = await resultOfRunning(dataDir, 'sessions.save', { name, format });
  if (saved === undefined) throw new Error(`no Hopscope runs on ${dataDir}; "hopscope sessions export" needs none`);
  print(`Saved ${countText(saved.exchanges)} as “${saved.name}”.\n`);
}

async function exportSession(name: string, { dataDir, format, output, secrets }: ExportFlags): Promise<void> {
  const folder = folderIn(dataDir);
  const entry = await find(folder, name);
  const source = await folder.open(entry.id);
  const losses: ReadLosses = { exchanges: 0 };
  try {
    const { epoch, exchanges = 0 } = source;
    const items = source.items(losses);
    const asHar = (format ?? (output.toLowerCase().endsWith('.har') ? 'har' : 'hopscope')) === 'har';
    const head = { name: entry.name, savedAt: new Date().toISOString(), epoch, exchanges };
    const written = await writeOutput(output, (path, signal) =>
      asHar
        ? writeHarFile(path, items, { version: version(), epoch, secrets, signal })
        : writeSessionFile(path, head, items, signal),
    );
    print(`Wrote ${countText(written)} to ${output}.\n`);
  } finally {
    await source.close();
  }
  if (losses.exchanges > 0) throw new Error(`${countText(losses.exchanges)} could not be read`);
}

interface ShowFlags extends Place {
  readonly filter?: FilterNode;
  readonly json: boolean;
}

async function show(name: string, { dataDir, filter, json }: ShowFlags): Promise<void> {
  const folder = folderIn(dataDir);
  const source = await folder.open((await find(folder, name)).id);
  const losses: ReadLosses = { exchanges: 0 };
  try {
    for await (const exchange of matchingExchanges(source.items(losses), filter)) {
      print(json ? exchangeJson(exchange, source.epoch) : exchangeLine(exchange, source.epoch));
    }
  } finally {
    await source.close();
  }
  if (losses.exchanges > 0) throw new Error(`${countText(losses.exchanges)} could not be read`);
}

/** @throws {InvalidArgumentError} that says where the mistake is */
function readFilter(text: string): FilterNode | undefined {
  const parsed = parseFilter(text);
  if (parsed.ok) return parsed.node;
  throw new InvalidArgumentError(placedProblem(parsed.problem));
}

async function remove(name: string, { dataDir }: Place): Promise<void> {
  const folder = folderIn(dataDir);
  const entry = await find(folder, name);
  await folder.delete(entry.id);
  print(`Deleted “${entry.name}”.\n`);
}

/** The session of this name or id. */
async function find(folder: SessionFolder, name: string): Promise<SessionEntry> {
  const entries = await folder.list();
  const wanted = name === LAST ? entries.filter(({ kind }) => kind === 'run').slice(0, 1) : [];
  const found = wanted.length > 0 ? wanted : entries.filter((entry) => entry.name === name || entry.id === name);
  const [first] = found;
  if (first === undefined) throw new Error(`there is no session “${name}”; "hopscope sessions ls" lists them`);
  if (found.length === 1) return first;
  throw new Error(`there are several sessions “${name}”; use one of: ${found.map(({ id }) => id).join(', ')}`);
}

function print(text: string): void {
  process.stdout.write(text);
}
