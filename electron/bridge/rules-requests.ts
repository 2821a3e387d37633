import type { Params, ResultOf } from '../../shared/contract.ts';
import type { RulesRequestMap } from '../../shared/rules-contract.ts';
import { ContractError } from './contract-error.ts';
import type { HeldTraffic } from './engine-host.ts';
import { withCode } from './with-code.ts';

type RulesHandlers = { [N in keyof RulesRequestMap]: (params: Params<N>) => ResultOf<N> | Promise<ResultOf<N>> };

/** The contract's requests about exchanges that rules hold. */
export function rulesRequests(held: HeldTraffic): RulesHandlers {
  return {
    'exchange.held': async ({ id }) => {
      const message = await held.read(id);
      if (message === undefined) throw notHeld(id);
      return message;
    },
    'exchange.release': async ({ id, order }) => {
      const released = await withCode(async () => Promise.resolve(held.release(id, order)));
      if (!released) throw notHeld(id);
      return null;
    },
    'exchanges.releaseAll': () => ({ released: held.releaseAll() }),
  };
}

function notHeld(id: number): ContractError {
  return new ContractError('NOT_FOUND', `Exchange ${id} is not paused (any more).`);
}
