import type { ExchangeRow } from '../../shared/exchange-view.ts';
import type { Inspector } from '../store/inspector.ts';
import { moveCursor } from '../store/list-cursor.ts';
import { toggleInGroup } from '../store/compare-group.ts';
import type { Move } from '../store/selection.ts';
import { beginRule, compare } from '../store/ui-store.ts';
import { copyRows } from '../views/request-list/copy-rows.ts';
import { copyAs, copyUrls, selectParent, selectRows, toggleNote } from '../views/request-list/row-actions.ts';
import { allBut, childrenOf, duplicatesOf, ofSameHost } from '../views/request-list/row-sets.ts';
import { openResend, resendRows } from '../views/resend/resend-rows.ts';
import { cachePageKey } from '../views/cache-page-keys.ts';
import type { CommandAction, CommandActions, CommandContext } from './command-action.ts';
import { REQUEST_LIST_ID } from '../views/request-list/focus-list.ts';

/** Rows that a page key travels when the list itself does not have the focus. */
const BLIND_PAGE = 20;

/** What is done with the rows that are listed. A list that has the keyboard moves through its rows itself. */
export const LIST_ACTIONS: CommandActions<'list'> = {
  'list.next': travel('next', 'j'),
  'list.previous': travel('previous', 'k'),
  'list.pageDown': travel('page-down'),
  'list.pageUp': travel('page-up'),
  'list.first': travel('first'),
  'list.last': travel('last'),
  'list.selectAll': {
    enabled: (context) => isListed(context) && isForList(context.target),
    run: ({ inspector: { ui, index } }) =>
      ui.setState(({ selectedId }) => ({
        selection: new Set(index.view),
        selectedId: selectedId ?? index.view[0] ?? null,
      })),
  },
  'list.pin': { enabled: hasSelection, run: ({ inspector }) => toggleNote(inspector, 'pinned') },
  'list.strike': { enabled: hasSelection, run: ({ inspector }) => toggleNote(inspector, 'struck') },
  'list.copyUrl': {
    enabled: hasSelection,
    run: ({ inspector }) => void copyUrls(inspector, [...inspector.ui.getState().selection]),
  },
  'list.copyCurl': withRow((inspector, row) => void copyAs(inspector, row, 'curl')),
  'list.resend': {
    enabled: hasSelection,
    run: ({ inspector }) => void resendRows(inspector, [...inspector.ui.getState().selection]),
  },
  'list.editResend': withRow((inspector, row) => openResend(inspector, row.id, 'editedRequest')),
  'list.repeat': withRow((inspector, row) => openResend(inspector, row.id, 'repeatedRequest')),
  'list.copyRows': {
    enabled: hasSelection,
    run: ({ inspector }) => void copyRows(inspector, [...inspector.ui.getState().selection]),
  },
  'list.exportHar': {
    enabled: hasSelection,
    run: ({ inspector: { ui } }) => ui.setState(({ selection }) => ({ exported: [...selection] })),
  },
  'list.createRule': {
    enabled: (context) => hasSelection(context) && selectedRow(context.inspector)?.kind === 'http',
    run: ({ inspector }) => {
      const row = selectedRow(inspector);
      if (row !== undefined) beginRule(inspector.ui, row.url);
    },
  },
  'list.selectParent': {
    enabled: (context) => hasSelection(context) && selectedRow(context.inspector)?.parent !== undefined,
    run: ({ inspector }) => selectParent(inspector),
  },
  'list.selectChildren': withRow((inspector, row) => selectRows(inspector, childrenOf(inspector, row.id))),
  'list.selectDuplicates': withRow((inspector, row) => selectRows(inspector, duplicatesOf(inspector, row))),
  'list.delete': {
    enabled: (context) => hasSelection(context) && isForList(context.target),
    run: ({ inspector }) => void inspector.deleteRows([...inspector.ui.getState().selection]),
  },
  'list.deleteOthers': {
    enabled: hasSelection,
    run: ({ inspector }) => void inspector.deleteRows(allBut(inspector, inspector.ui.getState().selection)),
  },
  'list.deleteHost': withRow((inspector, row) => void inspector.deleteRows(ofSameHost(inspector, row.url))),
  'list.compare': {
    enabled: (context) => isListed(context) && context.inspector.ui.getState().selection.size === 2,
    run: ({ inspector: { ui } }) => {
      const [left, right] = [...ui.getState().selection].sort((a, b) => a - b);
      if (left !== undefined && right !== undefined) compare(ui, left, right);
    },
  },
  'list.collect': {
    enabled: hasSelection,
    run: ({ inspector: { ui } }) =>
      ui.setState(({ compareGroup, selection }) => ({ compareGroup: toggleInGroup(compareGroup, [...selection]) })),
  },
  'list.compareGroup': {
    enabled: (context) => isListed(context) && context.inspector.ui.getState().compareGroup.length > 1,
    run: ({ inspector: { ui } }) => {
      const [left, right] = ui.getState().compareGroup;
      if (left !== undefined && right !== undefined) compare(ui, left, right);
    },
  },
};

/** Something about the row that the details are about. */
function withRow(act: (inspector: Inspector, row: ExchangeRow) => void): CommandAction {
  return {
    enabled: (context) => hasSelection(context) && selectedRow(context.inspector) !== undefined,
    run: ({ inspector }) => {
      const row = selectedRow(inspector);
      if (row !== undefined) act(inspector, row);
    },
  };
}

/** @param letter the key that a list on another page knows this move by, if it does from anywhere */
function travel(move: Move, letter?: string): CommandAction {
  return {
    enabled: ({ inspector: { ui } }) => {
      const { page, compared } = ui.getState();
      if (page === 'cache') return letter !== undefined && document.querySelector('#entry-list') !== null;
      return page === 'traffic' && compared === null;
    },
    run: ({ inspector, target }) => {
      if (inspector.ui.getState().page === 'cache') cachePageKey(letter ?? '', target, inspector);
      else moveCursor(inspector, move, BLIND_PAGE);
    },
  };
}

/** Whether the list of exchanges is in sight. */
function isListed({ inspector: { ui } }: CommandContext): boolean {
  const { page, compared } = ui.getState();
  return page === 'traffic' && compared === null;
}

function hasSelection(context: CommandContext): boolean {
  return isListed(context) && context.inspector.ui.getState().selection.size > 0;
}

function selectedRow({ ui, index }: Inspector): ExchangeRow | undefined {
  const { selectedId } = ui.getState();
  return selectedId === null ? undefined : index.get(selectedId);
}

/** Elsewhere the key selects text. */
function isForList(target: EventTarget | null): boolean {
  return target === null || target === document.body || (target instanceof Element && target.id === REQUEST_LIST_ID);
}
