import type { RuleActionType } from './rule-actions.ts';
import type { ExchangeKind } from './trace-event.ts';

/** Whether a rule does this with exchanges of a kind; one that does not leaves them alone, whatever its filter says. */
export function appliesTo(action: RuleActionType, kind: ExchangeKind): boolean {
  switch (kind) {
    case 'http':
      return true;
    case 'websocket':
      // Only its server can answer its handshake.
      return action !== 'answer' && action !== 'file';
    case 'tunnel':
      return action === 'block';
    case 'malformed':
      return false;
  }
}
