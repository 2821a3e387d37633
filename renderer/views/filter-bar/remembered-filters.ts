import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import type { UiStore } from '../../store/ui-store.ts';

const MOST_RECENT = 12;

/** Puts the filter that is in force in front of the recent ones: when it is left, not with every letter. */
export function rememberFilter(ui: UiStore): void {
  const { filter, recentFilters } = ui.getState();
  const text = filter.trim();
  if (text === '' || recentFilters[0] === text || !parseFilter(text).ok) return;
  ui.setState({ recentFilters: [text, ...recentFilters.filter((other) => other !== text)].slice(0, MOST_RECENT) });
}

/** Saves the filter that is in force, or forgets it when it is saved already. */
export function toggleSaved(ui: UiStore): void {
  const { filter, savedFilters } = ui.getState();
  const text = filter.trim();
  if (text === '') return;
  const others = savedFilters.filter((other) => other !== text);
  ui.setState({ savedFilters: others.length < savedFilters.length ? others : [...others, text] });
}
