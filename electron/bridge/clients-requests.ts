import type { ClientsRequestMap, SystemProxyStatus } from '../../shared/clients-contract.ts';
import { ContractError } from './contract-error.ts';

/** What a host offers so that clients get to the proxy. */
export interface ClientsHost {
  readonly systemProxy: {
    status(): Promise<SystemProxyStatus>;
    /** Rejects with a sentence when it cannot be set; nothing is changed then. */
    turnOn(): Promise<unknown>;
    turnOff(): Promise<unknown>;
  };
}

type Handlers = {
  [N in keyof ClientsRequestMap]: (
    params: ClientsRequestMap[N]['params'],
  ) => ClientsRequestMap[N]['result'] | Promise<ClientsRequestMap[N]['result']>;
};

/** The contract's requests about clients. @param changed is told how the system's proxy stands after a change. */
export function clientsRequests({ systemProxy }: ClientsHost, changed: (status: SystemProxyStatus) => void): Handlers {
  return {
    'systemProxy.read': () => withSentence(() => systemProxy.status()),
    'systemProxy.set': async ({ on }) => {
      await withSentence(() => (on ? systemProxy.turnOn() : systemProxy.turnOff()));
      const status = await withSentence(() => systemProxy.status());
      changed(status);
      return status;
    },
  };
}

/** What is wrong with a system is nobody's mistake here, and its sentence is for the person who asked. */
async function withSentence<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new ContractError('SYSTEM_PROXY', error instanceof Error ? error.message : String(error));
  }
}
