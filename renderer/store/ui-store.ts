import { LANGUAGE_CHOICES } from '../i18n/language-store.ts';
import type { LanguageChoice } from '../i18n/language-store.ts';
import { ENTRY_SORTS } from '../../shared/cache-contract.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import type { EntryId, EntrySort } from '../../shared/cache-contract.ts';
import type { SettingPath } from '../../shared/setting-facts.ts';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { changedParts, flag, numbers, oneOf, restoreParts, text, texts } from './lasting-view.ts';
import type { LastingParts } from './lasting-view.ts';
import { ARRIVAL, isSortKey } from './query/sort-key.ts';
import type { Sort } from './query/sort-key.ts';
import type { RuleActionType } from '../../shared/rule-actions.ts';
import type { TimeRange } from './query/query-messages.ts';
import { readPreferences, writePreferences } from './preferences.ts';
import type { PreferenceStorage } from './preferences.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const CONTRASTS = ['system', 'more'] as const;
/** Whether lines and texts stand out more than the system asks for. */
export type Contrast = (typeof CONTRASTS)[number];

export const DENSITIES = ['comfortable', 'compact'] as const;
/** How high rows are. */
export type Density = (typeof DENSITIES)[number];

export const MOTIONS = ['system', 'less'] as const;
/** Whether things move less than the system asks for. */
export type Motion = (typeof MOTIONS)[number];

export const DOCKS = ['right', 'bottom'] as const;
export type Dock = (typeof DOCKS)[number];

export const TABS = ['timeline', 'request', 'response', 'cache', 'conversation', 'messages', 'gateway'] as const;
export type Tab = (typeof TABS)[number];

export const PAGES = ['traffic', 'cache', 'rules', 'routing', 'settings'] as const;
export type Page = (typeof PAGES)[number];

export const GROUPINGS = ['none', 'host', 'path'] as const;
/** How the list is arranged: flat, under hosts, or under hosts and folders of their paths. */
export type Grouping = (typeof GROUPINGS)[number];

export const CACHE_VIEWS = ['entries', 'rules'] as const;
/** The parts of the cache's page: what is stored, and the rules of one's own. */
export type CacheView = (typeof CACHE_VIEWS)[number];

/** What the person sees and where: everything that is about the view and not about the traffic. */
export interface UiState {
  readonly theme: Theme;
  readonly language: LanguageChoice;
  readonly contrast: Contrast;
  readonly density: Density;
  readonly motion: Motion;
  readonly dock: Dock;
  readonly detailsOpen: boolean;
  /** The details pane's share of the window, for each dock. */
  readonly paneShare: Readonly<Record<Dock, number>>;
  readonly tab: Tab;
  readonly selectedId: number | null;
  /** The exchange that the next selected one is to be compared with. */
  readonly compareWith: number | null;
  /** Two exchanges that are looked at beside each other. */
  readonly compared: { readonly left: number; readonly right: number } | null;
  /** Exchanges collected to be compared, in ascending order. */
  readonly compareGroup: readonly number[];
  /** Every selected row; the one whose details are shown is among them. */
  readonly selection: ReadonlySet<number>;
  readonly filter: string;
  readonly sort: Sort;
  /** Whether the strip with the whole recording's time is shown. */
  readonly overviewShown: boolean;
  readonly grouping: Grouping;
  /** The group that the keyboard is at, by its key; then no request is selected. */
  readonly groupCursor: string | null;
  /** Only what was under way in this span of engine time is listed. */
  readonly timeRange: TimeRange | null;
  /** Widths in pixels of columns that were resized. */
  readonly columnWidths: Readonly<Record<string, number>>;
  /** The list's columns, in their order; null while nobody has chosen any. */
  readonly shownColumns: readonly string[] | null;
  readonly savedFilters: readonly string[];
  /** The last ones that were used, the newest first. */
  readonly recentFilters: readonly string[];
  readonly shortcutsOpen: boolean;
  readonly paletteOpen: boolean;
  /** What was chosen in the palette, the last first. */
  readonly recentChoices: readonly string[];
  readonly sessionsOpen: boolean;
  /** The recording of an earlier run that the person does not want to be offered. */
  readonly dismissedRun: string | null;
  /** Whether the tour of the first start is over. */
  readonly tourDone: boolean;
  /** Whether the sheet about clients is shown. */
  readonly connectOpen: boolean;
  /** The exchange whose request is being edited, to be sent again. */
  readonly editedRequest: number | null;
  /** The exchange whose request is to be sent again several times. */
  readonly repeatedRequest: number | null;
  /** The exchanges that are to be exported. */
  readonly exported: readonly number[] | null;
  /** What the page of cache rules is to make a rule for, as soon as it is there. */
  readonly wantedRule: string | null;
  /** What the page of rules is to make a rule of, as soon as it is there. */
  readonly newRule: NewRule | null;
  /** The place of the rule that the page of rules is to show, as soon as it is there. */
  readonly shownRule: number | null;
  /** The pause that the details do not show, because something else of the exchange is looked at: see {@link pauseOf}. */
  readonly pauseAside: string | null;
  /** The keyboard is to go to the details as soon as they are there. */
  readonly focusDetails: boolean;
  readonly page: Page;
  /** The setting that the page of settings is to show, as soon as it is there. */
  readonly wantedSetting: SettingPath | null;
  readonly cacheView: CacheView;
  /** The stored entry that is looked at. */
  readonly cacheEntry: EntryId | null;
  readonly cacheSearch: string;
  readonly cacheSort: EntrySort;
  readonly cacheAscending: boolean;
}

/** A rule for requests like that of an exchange. */
export interface NewRule {
  readonly action: RuleActionType;
  readonly exchange: number;
}

export type UiStore = StoreApi<UiState>;

const DEFAULTS: UiState = {
  theme: 'system',
  language: 'auto',
  contrast: 'system',
  density: 'comfortable',
  motion: 'system',
  dock: 'right',
  detailsOpen: false,
  paneShare: { right: 0.42, bottom: 0.48 },
  tab: 'timeline',
  selectedId: null,
  compareWith: null,
  compared: null,
  compareGroup: [],
  selection: new Set(),
  filter: '',
  sort: ARRIVAL,
  overviewShown: true,
  grouping: 'none',
  groupCursor: null,
  timeRange: null,
  columnWidths: {},
  shownColumns: null,
  savedFilters: [],
  recentFilters: [],
  shortcutsOpen: false,
  paletteOpen: false,
  recentChoices: [],
  sessionsOpen: false,
  dismissedRun: null,
  tourDone: false,
  connectOpen: false,
  editedRequest: null,
  repeatedRequest: null,
  exported: null,
  wantedRule: null,
  newRule: null,
  shownRule: null,
  pauseAside: null,
  focusDetails: false,
  page: 'traffic',
  wantedSetting: null,
  cacheView: 'entries',
  cacheEntry: null,
  cacheSearch: '',
  cacheSort: 'lastUsed',
  cacheAscending: false,
};

/** The view's store; what should outlast the page is read from and written to `storage`. */
export function createUiStore(storage?: PreferenceStorage): UiStore {
  const store = createStore<UiState>()(() => ({ ...DEFAULTS, ...restoreParts(LASTING, readPreferences(storage)) }));
  store.subscribe((state, before) => {
    const { selectedId, selection } = state;
    // Whoever moves to one row selects it alone.
    if (selectedId !== before.selectedId && (selectedId === null || !selection.has(selectedId))) {
      store.setState({ selection: new Set(selectedId === null ? [] : [selectedId]) });
    }
    if (selectedId !== null && selectedId !== before.selectedId) store.setState({ groupCursor: null });
    const lasting = changedParts(LASTING, state, before);
    if (lasting !== undefined) writePreferences(storage, lasting);
  });
  return store;
}

/** What outlasts the page. */
const LASTING: LastingParts<UiState> = {
  theme: oneOf(THEMES),
  language: oneOf(LANGUAGE_CHOICES),
  contrast: oneOf(CONTRASTS),
  density: oneOf(DENSITIES),
  motion: oneOf(MOTIONS),
  dock: oneOf(DOCKS),
  detailsOpen: flag,
  paneShare: (stored) => {
    const shares = numbers(stored);
    return shares === undefined ? undefined : { ...DEFAULTS.paneShare, ...clampShares(shares) };
  },
  tab: oneOf(TABS),
  filter: text(4_000),
  sort: (stored) => (isSort(stored) ? stored : undefined),
  overviewShown: flag,
  grouping: oneOf(GROUPINGS),
  columnWidths: numbers,
  shownColumns: texts,
  savedFilters: texts,
  recentFilters: texts,
  recentChoices: texts,
  page: oneOf(PAGES),
  cacheView: oneOf(CACHE_VIEWS),
  cacheSort: oneOf(ENTRY_SORTS),
  cacheAscending: flag,
  tourDone: flag,
};

function isSort(value: unknown): value is Sort {
  const { key, descending } = (value ?? {}) as Record<keyof Sort, unknown>;
  return isSortKey(key) && typeof descending === 'boolean';
}

function clampShares(shares: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(shares).map(([dock, share]) => [dock, clampShare(share)]));
}

/** Keeps both panes usable. */
export function clampShare(share: number): number {
  return Math.min(0.8, Math.max(0.2, share));
}

/** Shows a stored entry on the cache's page. */
export function openEntry(ui: UiStore, id: EntryId): void {
  ui.setState({ page: 'cache', cacheView: 'entries', cacheEntry: id });
}

/** Shows a setting on the page of settings. */
export function openSetting(ui: UiStore, path: SettingPath): void {
  ui.setState({ page: 'settings', wantedSetting: path });
}

/** Begins a rule of one's own for what is stored of a URL. */
export function beginRule(ui: UiStore, url: string): void {
  ui.setState({ page: 'cache', cacheView: 'rules', wantedRule: url });
}

/** Which pause of which exchange it is in; undefined when it is in none. */
export function pauseOf({ id, held }: Pick<ExchangeRow, 'id' | 'held'>): string | undefined {
  return held === undefined ? undefined : `${id} ${held}`;
}

/** Shows two exchanges beside each other. */
export function compare(ui: UiStore, left: number, right: number): void {
  ui.setState({ page: 'traffic', compared: { left, right }, compareWith: null });
}

/** Shows an exchange in the list of traffic, with its details. */
export function openExchange(ui: UiStore, id: number): void {
  ui.setState({ page: 'traffic', selectedId: id, detailsOpen: true });
}
