import { readStored, writeStored } from './preferences.ts';
import type { PreferenceStorage } from './preferences.ts';
import type { UiStore } from './ui-store.ts';

const KEY = 'hopscope.selected';

/** The exchanges that an engine has: its run, and their numbers, which begin anew with the next run. */
interface KnownExchanges {
  readonly epoch: number;
  readonly has: (id: number) => boolean;
}

/**
 * Keeps which exchange is selected for reloads of the page. Returns what is to be called once the engine is known: it selects
 * again what was selected in the same run.
 */
export function rememberSelection(ui: UiStore, storage?: PreferenceStorage): (known: KnownExchanges) => void {
  let current: number | undefined;
  ui.subscribe(({ selectedId }, before) => {
    if (current !== undefined && selectedId !== before.selectedId)
      writeStored(storage, KEY, { epoch: current, selectedId });
  });
  return ({ epoch, has }) => {
    if (current === epoch) return;
    current = epoch;
    const { epoch: stored, selectedId } = readStored(storage, KEY);
    if (stored !== epoch || typeof selectedId !== 'number' || ui.getState().selectedId !== null) return;
    if (has(selectedId)) ui.setState({ selectedId });
  };
}
