import type { Params, ResultOf } from '../../shared/contract.ts';
import type { SearchRequestMap } from '../../shared/search-contract.ts';
import { ContractError } from './contract-error.ts';
import type { SearchedExchanges } from './engine-host.ts';

type SearchHandlers = { [N in keyof SearchRequestMap]: (params: Params<N>) => Promise<ResultOf<N>> };

/** The contract's requests about what the list does not know of exchanges. */
export function searchRequests(search: SearchedExchanges): SearchHandlers {
  return {
    'exchanges.match': async (question) => {
      const matching = await search.match(question);
      if ('problem' in matching) throw new ContractError('BAD_FILTER', matching.problem);
      return { matching };
    },
    'exchanges.fields': async ({ ids, fields }) => ({ values: await search.fields(ids, fields) }),
  };
}
