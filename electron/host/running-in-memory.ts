import type { CacheSummary, PurgeTarget } from '../../shared/cache-contract.ts';
import { messageOf } from '../../shared/message-of.ts';
import { resultOfRunning } from './control-channel.ts';

/**
 * The totals of the Hopscope that runs on a data directory if it keeps its cache in memory, where no other process sees it: as it
 * was told to, or because its disk has failed.
 *
 * @param log is told when it cannot be asked
 */
export async function runningInMemory(
  dataDir: string,
  log: (sentence: string) => void,
): Promise<CacheSummary | undefined> {
  try {
    const totals = await resultOfRunning(dataDir, 'cache.stats', undefined);
    return totals?.store === 'memory' ? totals : undefined;
  } catch (error) {
    log(`the running Hopscope did not tell whether it stores in memory (${messageOf(error)})`);
    return undefined;
  }
}

/** Has it forget stored responses; resolves with how many. */
export async function purgeRunning(dataDir: string, target: PurgeTarget): Promise<number> {
  return (await resultOfRunning(dataDir, 'cache.purge', target))?.purged ?? 0;
}
