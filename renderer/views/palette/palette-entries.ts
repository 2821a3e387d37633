import { COMMAND_IDS } from '../../../shared/commands.ts';
import type { CommandId } from '../../../shared/commands.ts';
import { SETTING_FACTS } from '../../../shared/setting-facts.ts';
import type { SettingPath } from '../../../shared/setting-facts.ts';
import { keysOf } from '../../commands/key-combination.ts';
import { isEnabled, runCommand } from '../../commands/run-command.ts';
import { visibleText } from '../../format/visible-text.ts';
import type { Translate } from '../../i18n/translate.ts';
import type { Inspector } from '../../store/inspector.ts';
import { openExchange, openSetting } from '../../store/ui-store.ts';
import { fuzzyMatch } from './fuzzy-match.ts';
import type { FuzzyMatch } from './fuzzy-match.ts';

export type PaletteKind = 'command' | 'upstream' | 'setting' | 'filter' | 'request';

/** Something that can be chosen in the palette. */
export interface PaletteEntry {
  /** Tells it from the others, also at the next start. */
  readonly id: string;
  readonly kind: PaletteKind;
  readonly title: string;
  /** What stands beside it: keys, or where it leads. */
  readonly note?: string | undefined;
  readonly run: () => void;
}

/** An entry as it is listed. */
export interface ListedEntry extends PaletteEntry {
  /** Characters of the title that match what was typed. */
  readonly places: readonly number[];
}

/** Moves that are made again and again are made by keys. */
const BY_KEYS_ALONE: ReadonlySet<CommandId> = new Set<CommandId>([
  'go.palette',
  'go.back',
  'go.nextRegion',
  'go.previousRegion',
  'list.next',
  'list.previous',
  'list.pageDown',
  'list.pageUp',
]);

/** Requests that are looked at, from the newest on: more would be felt with every key. */
const REQUESTS_SEEN = 5_000;
const MOST_LISTED = 60;
const MOST_REQUESTS = 12;

/** Everything that can be chosen now, but for requests. */
export function paletteEntries(inspector: Inspector, t: Translate): PaletteEntry[] {
  const context = { inspector, target: null };
  const commands = COMMAND_IDS.filter((id) => !BY_KEYS_ALONE.has(id) && isEnabled(id, context)).map(
    (id): PaletteEntry => ({
      id,
      kind: 'command',
      title: t(`commandTitles.${id}`),
      note: keysOf(id),
      run: () => void runCommand(id, context),
    }),
  );
  return [
    ...commands,
    ...upstreamEntries(inspector, t),
    ...filterEntries(inspector, t),
    ...settingEntries(inspector, t),
  ];
}

/** What is listed for `typed`: the best matches first; without words what was chosen last, then everything in its order. */
export function listEntries(
  inspector: Inspector,
  t: Translate,
  entries: readonly PaletteEntry[],
  typed: string,
  recent: readonly string[],
): ListedEntry[] {
  const matches = (entry: PaletteEntry): (ListedEntry & { readonly score: number })[] => {
    const match: FuzzyMatch | undefined = fuzzyMatch(typed, entry.title);
    if (match === undefined) return [];
    const rank = recent.indexOf(entry.id);
    return [{ ...entry, places: match.places, score: match.score + (rank < 0 ? 0 : 12 - Math.min(rank, 8)) }];
  };
  const found = entries.flatMap(matches).sort((a, b) => b.score - a.score);
  const requests = typed.trim() === '' ? [] : requestEntries(inspector, typed);
  const narrow = typed.trim() === '' ? [] : [{ ...filterEntry(inspector, t, typed.trim()), places: [] }];
  return [...found.slice(0, MOST_LISTED - MOST_REQUESTS), ...requests, ...narrow];
}

function upstreamEntries({ session, changeSettings }: Inspector, t: Translate): PaletteEntry[] {
  const { settings } = session.getState();
  if (settings === undefined) return [];
  const servers = settings.upstreams.filter(
    (one) => one.type === 'origin' || (one.type === 'application' && one.mount === '/'),
  );
  const choices = [
    { id: 'demo', title: t('commands.demo'), note: t('commands.builtIn') },
    ...servers.map((one) => ({ id: one.id, title: one.label, note: one.type === 'origin' ? one.url : one.type })),
    { id: 'none', title: t('commands.none'), note: t('commands.forwardOnly') },
  ];
  return choices
    .filter(({ id }) => id !== settings.activeUpstream)
    .map(({ id, title, note }) => ({
      id: `upstream.${id}`,
      kind: 'upstream',
      title: t('commands.upstream', { name: visibleText(title) }),
      note: visibleText(note),
      run: () => void changeSettings({ activeUpstream: id }),
    }));
}

function filterEntries(inspector: Inspector, t: Translate): PaletteEntry[] {
  const { savedFilters, recentFilters } = inspector.ui.getState();
  const recent = recentFilters.filter((text) => !savedFilters.includes(text)).slice(0, 5);
  return [...savedFilters, ...recent].map((text) => filterEntry(inspector, t, text));
}

function filterEntry({ ui }: Inspector, t: Translate, text: string): PaletteEntry {
  return {
    id: `filter.${text}`,
    kind: 'filter',
    title: t('commands.filterBy', { filter: visibleText(text) }),
    run: () => ui.setState({ page: 'traffic', filter: text }),
  };
}

function settingEntries({ ui }: Inspector, t: Translate): PaletteEntry[] {
  return (Object.keys(SETTING_FACTS) as SettingPath[]).map((path) => ({
    id: `setting.${path}`,
    kind: 'setting',
    title: t('commands.setting', { title: t(`settingTitles.${path}`) }),
    note: SETTING_FACTS[path].flag.split(' ', 1)[0],
    run: () => openSetting(ui, path),
  }));
}

/** The newest requests whose URL holds every typed word. */
function requestEntries({ index, ui }: Inspector, typed: string): ListedEntry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found: ListedEntry[] = [];
  const oldest = Math.max(1, index.highestId - REQUESTS_SEEN);
  for (let id = index.highestId; id >= oldest && found.length < MOST_REQUESTS; id--) {
    const row = index.get(id);
    if (row === undefined) continue;
    const title = `${row.method} ${visibleText(row.url.slice(0, 300))}`;
    const lower = title.toLowerCase();
    if (!words.every((word) => lower.includes(word))) continue;
    found.push({
      id: `request.${id}`,
      kind: 'request',
      title,
      note: `#${id}${row.status === undefined ? '' : ` · ${row.status}`}`,
      places: fuzzyMatch(typed, title)?.places ?? [],
      run: () => openExchange(ui, id),
    });
  }
  return found;
}
