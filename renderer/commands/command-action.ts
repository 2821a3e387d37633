import type { CommandId } from '../../shared/commands.ts';
import type { Inspector } from '../store/inspector.ts';

/** Where a command comes from. */
export interface CommandContext {
  readonly inspector: Inspector;
  /** What had the keyboard when keys ran the command; null from a menu or the palette. */
  readonly target: EventTarget | null;
}

/** What a command does, and when it can be done. */
export interface CommandAction {
  /** Always, when absent. */
  readonly enabled?: (context: CommandContext) => boolean;
  readonly run: (context: CommandContext) => void;
}

export type CommandActions<Prefix extends string> = {
  readonly [Id in Extract<CommandId, `${Prefix}.${string}`>]: CommandAction;
};
