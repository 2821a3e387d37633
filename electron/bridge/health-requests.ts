import type { FindingId, Health, HealthRequestMap } from '../../shared/health-contract.ts';
import { messageOf } from '../../shared/message-of.ts';
import { ContractError } from './contract-error.ts';

/** What the contract needs to know how Hopscope is, and to make it better. */
export interface HealthHost {
  look(): Promise<Health>;
  /** Rejects with a sentence when it did not work. */
  repair(id: FindingId, port: number | undefined): Promise<void>;
}

/** A host that has nothing to find fault with. */
export const soundHost: HealthHost = {
  look: () => Promise.resolve({ findings: [], repairable: [] }),
  repair: () => Promise.reject(new Error('There is nothing to repair.')),
};

type Handlers = {
  [N in keyof HealthRequestMap]: (params: HealthRequestMap[N]['params']) => Promise<HealthRequestMap[N]['result']>;
};

/** The contract's requests about how Hopscope is. */
export function healthRequests(health: HealthHost): Handlers {
  return {
    'health.get': () => health.look(),
    'health.repair': async ({ id, port }) => {
      try {
        await health.repair(id, port);
      } catch (error) {
        throw new ContractError('REPAIR', messageOf(error));
      }
      return null;
    },
  };
}
