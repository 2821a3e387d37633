import type { CommandId } from '../../shared/commands.ts';
import type { CommandAction, CommandContext } from './command-action.ts';
import { LIST_ACTIONS } from './list-actions.ts';
import { DETAILS_ACTIONS, FILTER_ACTIONS, GO_ACTIONS } from './page-actions.ts';
import { RULE_ACTIONS } from './rule-actions.ts';
import { CACHE_ACTIONS, HELP_ACTIONS, RECORDING_ACTIONS, VIEW_ACTIONS } from './window-actions.ts';

// Complete by its type: a command of the table without an action does not compile.
const ACTIONS: Readonly<Record<CommandId, CommandAction>> = {
  ...GO_ACTIONS,
  ...LIST_ACTIONS,
  ...FILTER_ACTIONS,
  ...DETAILS_ACTIONS,
  ...RULE_ACTIONS,
  ...RECORDING_ACTIONS,
  ...CACHE_ACTIONS,
  ...VIEW_ACTIONS,
  ...HELP_ACTIONS,
};

/** Whether the command can be done now. */
export function isEnabled(id: CommandId, context: CommandContext): boolean {
  return ACTIONS[id].enabled?.(context) ?? true;
}

/** Does what the command is for, if it can be done now; says whether it could. */
export function runCommand(id: CommandId, context: CommandContext): boolean {
  if (!isEnabled(id, context)) return false;
  ACTIONS[id].run(context);
  return true;
}
