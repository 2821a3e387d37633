import type { Handler } from '../chain/handler.ts';
import { applyRules } from '../rules/apply-rules.ts';
import type { RuleServices } from '../rules/apply-rules.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';

/** Applies the rules of the settings that are on. In the chain only while there are any. */
export function rulesHandler(rules: CompiledRules, services: RuleServices): Handler {
  return {
    name: 'rules',
    handle(x, _state, next) {
      // What the cache asks on its own has its parent's request, which has been through them.
      const matching = x.purpose === 'client' ? rules.matching(x) : [];
      return matching.length === 0 ? next() : applyRules(x, matching, services, next);
    },
  };
}
