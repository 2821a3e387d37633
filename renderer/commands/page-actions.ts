import { pauseOf } from '../store/ui-store.ts';
import type { Page, Tab } from '../store/ui-store.ts';
import { cachePageKey } from '../views/cache-page-keys.ts';
import { focusFilter } from '../views/filter-bar/focus-filter.ts';
import { selectedRow } from '../views/held/held-rows.ts';
import { toggleSaved } from '../views/filter-bar/remembered-filters.ts';
import type { CommandAction, CommandActions, CommandContext } from './command-action.ts';
import { focusRegion } from './focus-regions.ts';
import { REQUEST_LIST_ID } from '../views/request-list/focus-list.ts';

/** Moves through the window. */
export const GO_ACTIONS: CommandActions<'go'> = {
  'go.traffic': open('traffic'),
  'go.cache': { run: ({ inspector: { ui } }) => ui.setState({ page: 'cache', cacheView: 'entries' }) },
  'go.cacheRules': { run: ({ inspector: { ui } }) => ui.setState({ page: 'cache', cacheView: 'rules' }) },
  'go.rules': open('rules'),
  'go.routing': open('routing'),
  'go.settings': open('settings'),
  'go.palette': { run: ({ inspector: { ui } }) => ui.setState({ paletteOpen: true }) },
  'go.nextRegion': { run: () => void focusRegion(1) },
  'go.previousRegion': { run: () => void focusRegion(-1) },
  'go.back': { enabled: (context) => context.target !== null, run: stepBack },
};

/** The filter of the page that is shown. */
export const FILTER_ACTIONS: CommandActions<'filter'> = {
  'filter.focus': {
    enabled: ({ inspector: { ui } }) => ['traffic', 'cache', 'settings'].includes(ui.getState().page),
    run: ({ inspector, target }) => {
      const { page } = inspector.ui.getState();
      if (page === 'cache') cachePageKey('/', target, inspector);
      else if (page === 'settings') document.querySelector<HTMLInputElement>('#settings-search')?.select();
      else focusFilter();
    },
  },
  'filter.clear': {
    enabled: ({ inspector: { ui } }) => ui.getState().filter !== '',
    run: ({ inspector: { ui } }) => ui.setState({ filter: '' }),
  },
  'filter.save': {
    enabled: ({ inspector: { ui } }) => ui.getState().filter.trim() !== '',
    run: ({ inspector: { ui } }) => toggleSaved(ui),
  },
};

/** What is seen of the selected exchange. */
export const DETAILS_ACTIONS: CommandActions<'details'> = {
  'details.open': {
    enabled: (context) => onPage(context, 'cache') || (onPage(context, 'traffic') && hasSelected(context)),
    run: ({ inspector, target }) => {
      if (inspector.ui.getState().page === 'cache') cachePageKey('Enter', target, inspector);
      else inspector.ui.setState({ detailsOpen: true, focusDetails: true });
    },
  },
  'details.toggle': {
    enabled: (context) => onPage(context, 'traffic'),
    run: ({ inspector: { ui } }) => ui.setState(({ detailsOpen }) => ({ detailsOpen: !detailsOpen })),
  },
  'details.dock': {
    run: ({ inspector: { ui } }) => ui.setState(({ dock }) => ({ dock: dock === 'right' ? 'bottom' : 'right' })),
  },
  'details.timeline': show('timeline'),
  'details.request': show('request'),
  'details.response': show('response'),
  'details.cache': show('cache'),
  'details.conversation': show('conversation'),
  'details.messages': show('messages'),
  'details.gateway': show('gateway'),
};

function open(page: Page): CommandAction {
  return { run: ({ inspector: { ui } }) => ui.setState({ page }) };
}

function show(tab: Tab): CommandAction {
  return {
    enabled: (context) => onPage(context, 'traffic') && hasSelected(context),
    run: ({ inspector }) => {
      const row = selectedRow(inspector);
      const pauseAside = row === undefined ? undefined : pauseOf(row);
      inspector.ui.setState({ tab, detailsOpen: true, pauseAside: pauseAside ?? null });
    },
  };
}

function onPage({ inspector: { ui } }: CommandContext, page: Page): boolean {
  return ui.getState().page === page;
}

function hasSelected({ inspector: { ui } }: CommandContext): boolean {
  return ui.getState().selectedId !== null;
}

/** From the details back to the list; from the list, away with the details, the selection, the time range, the filter. */
function stepBack({ inspector, target }: CommandContext): void {
  const { ui } = inspector;
  const { page, compared, detailsOpen, selectedId, timeRange, filter } = ui.getState();
  if (page === 'cache') cachePageKey('Escape', target, inspector);
  if (page !== 'traffic') return;
  if (compared !== null) {
    ui.setState({ compared: null });
    return;
  }
  const list = document.querySelector<HTMLElement>(`#${REQUEST_LIST_ID}`);
  if (
    target instanceof Element &&
    list !== null &&
    target.closest(`#${REQUEST_LIST_ID}`) === null &&
    target !== document.body
  )
    list.focus();
  else if (detailsOpen && selectedId !== null) ui.setState({ detailsOpen: false });
  else if (selectedId !== null) ui.setState({ selectedId: null });
  else if (timeRange !== null) ui.setState({ timeRange: null });
  else if (filter !== '') ui.setState({ filter: '' });
}
