import type { RuleActionType } from '../../shared/rule-actions.ts';
import { appliesTo } from '../../shared/rule-kinds.ts';
import type { RuleAction } from '../../shared/rules.ts';
import { continueAll, continueSelected, nextPaused, selectedRow } from '../views/held/held-rows.ts';
import { addRule, rulesOf } from '../views/rules/rule-list.ts';
import { filterFor, freeName, nameFor } from '../views/rules/rule-for-row.ts';
import type { CommandAction, CommandActions, CommandContext } from './command-action.ts';

/** Rules for requests like the selected one, and what rules have paused. */
export const RULE_ACTIONS: CommandActions<'rules'> = {
  'rules.answer': begin('answer'),
  'rules.file': begin('file'),
  'rules.redirect': begin('redirect'),
  'rules.headers': begin('headers'),
  'rules.delay': begin('delay'),
  'rules.block': add({ type: 'block', how: 'refuse' }),
  'rules.pause': add({ type: 'pause', at: 'request' }),
  'rules.nextPaused': {
    enabled: ({ inspector }) => inspector.trace.getState().counts.held > 0,
    run: ({ inspector }) => nextPaused(inspector),
  },
  'rules.continue': {
    enabled: ({ inspector }) => selectedRow(inspector)?.held !== undefined,
    run: ({ inspector }) => void continueSelected(inspector),
  },
  'rules.continueAll': {
    enabled: ({ inspector }) => inspector.trace.getState().counts.held > 0,
    run: ({ inspector }) => void continueAll(inspector),
  },
};

function enabledFor(action: RuleActionType): (context: CommandContext) => boolean {
  return ({ inspector }) => {
    const row = inspector.ui.getState().page === 'traffic' ? selectedRow(inspector) : undefined;
    return row !== undefined && appliesTo(action, row.kind);
  };
}

/** Opens the form of a rule that still needs to be told something. */
function begin(action: RuleActionType): CommandAction {
  return {
    enabled: enabledFor(action),
    run: ({ inspector }) => {
      const row = selectedRow(inspector);
      if (row !== undefined) inspector.ui.setState({ page: 'rules', newRule: { action, exchange: row.id } });
    },
  };
}

/** Adds a rule of which all is known. */
function add(action: RuleAction): CommandAction {
  return {
    enabled: enabledFor(action.type),
    run: ({ inspector }) => {
      const row = selectedRow(inspector);
      if (row === undefined) return;
      const name = freeName(nameFor(row), rulesOf(inspector));
      void addRule(inspector, { name, on: true, when: filterFor(row), action });
    },
  };
}
