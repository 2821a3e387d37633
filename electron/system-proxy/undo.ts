import type { Journal } from './journal.ts';
import { readJournal, removeJournal } from './journal.ts';
import type { ProxyGroup, ProxyState, ProxySystem, Run } from './proxy-system.ts';
import { perform } from './proxy-system.ts';

/** What became of the change that a journal tells of: it was undone, or somebody else had set something since. */
export type Undone = 'restored' | 'left';

/**
 * What the system is to hold after us. A group that has our address in it goes back to what it was, also when somebody has
 * switched us off by hand, or we were stopped midway. A group in which any value is another one, or is as we had it but for
 * the address, is somebody's choice, and stays: it is named in `foreign`.
 *
 * @param address the key of a script's address
 */
export function stateToRestore(
  current: ProxyState,
  { before, ours }: Pick<Journal, 'before' | 'ours'>,
  address: string,
): { readonly target: ProxyState; readonly foreign: readonly string[] } {
  const target: Record<string, ProxyGroup> = {};
  const foreign: string[] = [];
  for (const [name, group] of Object.entries(current)) {
    const [was, our] = [before[name], ours[name]];
    // A network service that came since is not ours.
    const known = was !== undefined && our !== undefined && isOneOf(group, was, our, address);
    target[name] = known ? was : group;
    if (!known && our !== undefined) foreign.push(name);
  }
  return { target, foreign };
}

function isOneOf(group: ProxyGroup, was: ProxyGroup, our: ProxyGroup, address: string): boolean {
  const keys = Object.keys(our);
  if (keys.every((key) => group[key] === was[key])) return true;
  return group[address] === our[address] && keys.every((key) => group[key] === our[key] || group[key] === was[key]);
}

/**
 * Undoes what the journal in `directory` tells of, then removes it; undefined when there is nothing to undo. It can be stopped
 * anywhere and begun again. To be called by whoever has the directory's lock.
 *
 * While somebody else's choice stays, the journal does, too: what has set that, such as a VPN, may in its turn set back what
 * it found, which was us. Then the next one to call this undoes it.
 *
 * @param find gives the system that a journal names.
 */
export async function undo(
  directory: string,
  run: Run,
  find: (name: Journal['system']) => ProxySystem,
): Promise<Undone | undefined> {
  const journal = await readJournal(directory);
  if (journal === undefined) return undefined;
  const system = find(journal.system);
  const current = await system.read(run);
  const { target, foreign } = stateToRestore(current, journal, system.address);
  const commands = system.write(current, target);
  const isChange = commands.some(({ optional }) => optional !== true);
  if (isChange) {
    await perform(run, commands);
    if (system.uses(await system.read(run), journal.url))
      throw new Error(`${system.label} did not take back the proxy that was set before`);
  }
  if (foreign.length > 0) return 'left';
  await removeJournal(directory);
  return isChange ? 'restored' : undefined;
}
