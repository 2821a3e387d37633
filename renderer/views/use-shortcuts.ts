import { useEffect } from 'react';
import type { Inspector } from '../store/inspector.ts';
import { moveSelection } from '../store/selection.ts';
import { TABS } from '../store/ui-store.ts';
import { focusFilter } from './filter-bar/focus-filter.ts';
import { cachePageKey } from './cache-page-keys.ts';
import { listMove } from './rows/list-keys.ts';

/** Rows that a page key travels when the list itself does not have the focus. */
const BLIND_PAGE = 20;

/** The keys that work everywhere in the window. */
export function useShortcuts(inspector: Inspector): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      if (withControl(event, inspector) || plain(event, inspector)) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [inspector]);
}

function withControl(event: KeyboardEvent, inspector: Inspector): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  const key = event.key.toLowerCase();
  if (key === 'f' && !event.shiftKey) {
    if (inspector.ui.getState().page === 'cache') cachePageKey('/', event.target, inspector);
    else focusFilter();
    return true;
  }
  if (key === 'e' && !event.shiftKey) {
    const paused = inspector.session.getState().settings?.record.paused;
    if (paused !== undefined) void inspector.changeSettings({ record: { paused: !paused } });
    return true;
  }
  if ((key === 'delete' || key === 'backspace') && event.shiftKey) {
    void inspector.clearSession();
    return true;
  }
  return false;
}

function plain(event: KeyboardEvent, inspector: Inspector): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false;
  const { ui } = inspector;
  switch (event.key) {
    case '?':
      ui.setState({ shortcutsOpen: true });
      return true;
    case 's':
      ui.setState({ sessionsOpen: true });
      return true;
    case 't':
      ui.setState({ page: 'traffic' });
      return true;
    case 'c':
      ui.setState({ page: 'cache' });
      return true;
    case 'r':
      ui.setState({ page: 'routing' });
      return true;
  }
  switch (ui.getState().page) {
    case 'cache':
      return cachePageKey(event.key, event.target, inspector);
    case 'routing':
      return false;
    case 'traffic':
      return onTraffic(event, inspector);
  }
}

function onTraffic(event: KeyboardEvent, inspector: Inspector): boolean {
  const { ui } = inspector;
  switch (event.key) {
    case '/':
      focusFilter();
      return true;
    case 'd':
      ui.setState(({ detailsOpen }) => ({ detailsOpen: !detailsOpen }));
      return true;
    case 'p':
      return pinSelection(inspector);
    case 'Enter':
      return openDetails(event, inspector);
    case 'Escape':
      return stepBack(inspector);
    default:
      return travel(event, inspector) || pickTab(event.key, inspector);
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], [role=menu]') !== null
  );
}

/** j and k move the selection from anywhere; the other keys only where nothing else wants them. */
function travel(event: KeyboardEvent, { index, ui }: Inspector): boolean {
  const move = listMove(event);
  if (move === undefined) return false;
  const anywhere = event.key === 'j' || event.key === 'k';
  if (!anywhere && event.target !== document.body) return false;
  const id = moveSelection(index.view, ui.getState().selectedId, move, BLIND_PAGE, (one) => index.positionOf(one));
  if (id !== undefined) ui.setState({ selectedId: id });
  return true;
}

/** Pins what is selected, or takes the pins away when all of it has one. */
function pinSelection({ ui, annotations }: Inspector): boolean {
  const ids = [...ui.getState().selection];
  if (ids.length === 0) return false;
  annotations.change(ids, { pinned: !ids.every((id) => annotations.get(id)?.pinned === true) });
  return true;
}

function pickTab(key: string, { ui }: Inspector): boolean {
  const tab = TABS[Number(key) - 1];
  if (tab === undefined || ui.getState().selectedId === null) return false;
  ui.setState({ tab, detailsOpen: true });
  return true;
}

function openDetails(event: KeyboardEvent, { ui }: Inspector): boolean {
  const fromList = event.target === document.body || (event.target as HTMLElement).id === 'request-list';
  if (!fromList || ui.getState().selectedId === null) return false;
  ui.setState({ detailsOpen: true, focusDetails: true });
  return true;
}

/** From the details back to the list; from the list, away with the details. */
function stepBack({ ui }: Inspector): boolean {
  const list = document.querySelector<HTMLElement>('#request-list');
  if (document.activeElement?.closest('#details') !== null && document.activeElement !== null) {
    list?.focus();
    return true;
  }
  const { detailsOpen, selectedId, filter } = ui.getState();
  if (detailsOpen && selectedId !== null) ui.setState({ detailsOpen: false });
  else if (selectedId !== null) ui.setState({ selectedId: null });
  else if (filter !== '') ui.setState({ filter: '' });
  else return false;
  return true;
}
