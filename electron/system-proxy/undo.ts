import type { Journal } from './journal.ts';
import { readJournal, removeJournal } from './journal.ts';
import type { ProxyGroup, ProxyState, ProxySystem, Run } from './proxy-system.ts';
import { perform } from './proxy-system.ts';

/** What became of the change that a journal tells of: it is undone, or somebody else had set something since. */
export type Undone = 'restored' | 'left';

/**
 * What the system is to hold after us. A group in which every value is ours, or as it was before (because we were stopped
 * midway, or somebody switched us off by hand), goes back to what it was. A group in which any value is another one is
 * somebody's choice, and stays: it is named in `foreign`.
 */
export function stateToRestore(
  current: ProxyState,
  { before, ours }: Pick<Journal, 'before' | 'ours'>,
): { readonly target: ProxyState; readonly foreign: readonly string[] } {
  const target: Record<string, ProxyGroup> = {};
  const foreign: string[] = [];
  for (const [name, group] of Object.entries(current)) {
    const [was, our] = [before[name], ours[name]];
    // A network service that came since is not ours.
    const known = was !== undefined && our !== undefined && isOneOf(group, was, our);
    target[name] = known ? was : group;
    if (!known && our !== undefined) foreign.push(name);
  }
  return { target, foreign };
}

function isOneOf(group: ProxyGroup, was: ProxyGroup, our: ProxyGroup): boolean {
  return Object.keys(our).every((key) => group[key] === our[key] || group[key] === was[key]);
}

/**
 * Undoes what the journal in `directory` tells of, then removes it; undefined when there is none. It can be stopped anywhere
 * and begun again. To be called by whoever has the directory's lock.
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
  const { target, foreign } = stateToRestore(current, journal);
  await perform(run, system.write(current, target));
  if (system.uses(await system.read(run), journal.url))
    throw new Error(`${system.label} did not take back the proxy that was set before`);
  await removeJournal(directory);
  return foreign.length === 0 ? 'restored' : 'left';
}
