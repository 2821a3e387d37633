import type { Params, RequestName, ResultOf, Snapshot } from '../../shared/contract.ts';
import type { ExchangeRow, ExchangeView } from '../../shared/exchange-view.ts';
import { fold } from '../../shared/exchange-view.ts';
import { matchingExchanges } from '../engine/sessions/matching-exchanges.ts';
import { SessionFolder, sessionPlaces } from '../engine/sessions/session-folder.ts';
import type { ReadLosses } from '../engine/trace/recorded-items.ts';
import { resultOfRunning } from './control-channel.ts';
import { countText } from './exchange-text.ts';

/** An exchange, and the wall time (ms since 1970) of the engine time zero that it is told by. */
export interface RecordedExchange {
  readonly view: ExchangeView;
  readonly epoch: number;
}

/** Rows asked for at once. */
const PAGE = 5_000;

/**
 * The exchange that somebody names by its number, or by a part of its URL, of which the latest is meant: of the Hopscope that
 * runs on a data directory, or else of the last one that ran there. Undefined when there is none.
 *
 * @param log is told of what of the last run could not be read
 */
export async function recordedExchange(
  dataDir: string,
  name: string,
  log: (sentence: string) => void,
): Promise<RecordedExchange | undefined> {
  const isMeant = nameTest(name);
  const running = await resultOfRunning(dataDir, 'engine.snapshot', undefined);
  if (running === undefined) return inLastRun(dataDir, isMeant, log);
  const id = await latestRow(dataDir, running, isMeant);
  if (id === undefined) return undefined;
  const view = fold((await ask(dataDir, 'exchange.read', { id })).events);
  return view && { view, epoch: running.status.epoch };
}

type Test = (row: Pick<ExchangeRow, 'id' | 'url' | 'parent' | 'replay'>) => boolean;

function nameTest(name: string): Test {
  if (/^\d{1,15}$/.test(name)) return ({ id }) => id === Number(name);
  // What Hopscope asked on its own account, such as in the background, is not what somebody waited for.
  return ({ url, parent, replay }) => url.includes(name) && (parent === undefined || replay === true);
}

/** The number of the latest one that is meant, whether it has ended or not. */
async function latestRow(dataDir: string, { running }: Snapshot, isMeant: Test): Promise<number | undefined> {
  const unfinished = running.findLast(isMeant)?.id;
  let before: number | undefined;
  for (;;) {
    const page = { limit: PAGE, ...(before === undefined ? {} : { before }) };
    const { rows, more } = await ask(dataDir, 'exchanges.page', page);
    const finished = rows.find(isMeant)?.id;
    if (finished !== undefined) return Math.max(finished, unfinished ?? 0);
    before = rows.at(-1)?.id;
    if (!more || before === undefined || before < (unfinished ?? 0)) return unfinished;
  }
}

async function inLastRun(
  dataDir: string,
  isMeant: Test,
  log: (sentence: string) => void,
): Promise<RecordedExchange | undefined> {
  const folder = new SessionFolder(sessionPlaces(dataDir));
  const last = (await folder.list()).find(({ kind }) => kind === 'run');
  if (last === undefined) return undefined;
  const source = await folder.open(last.id);
  const { epoch } = source;
  const losses: ReadLosses = { exchanges: 0 };
  let found: RecordedExchange | undefined;
  try {
    for await (const view of matchingExchanges(source.items(losses), undefined)) {
      if (isMeant(view)) found = { view, epoch };
    }
  } finally {
    await source.close();
  }
  if (losses.exchanges > 0)
    log(`${countText(losses.exchanges)} of the last run could not be read; there may have been a later one`);
  return found;
}

async function ask<N extends RequestName>(dataDir: string, name: N, params: Params<N>): Promise<ResultOf<N>> {
  const result = await resultOfRunning(dataDir, name, params);
  if (result === undefined) throw new Error('the running Hopscope has ended meanwhile');
  return result;
}
