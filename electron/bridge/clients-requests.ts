import type {
  BrowserChoice,
  ClientFacts,
  ClientsRequestMap,
  SystemProxyStatus,
} from '../../shared/clients-contract.ts';
import { messageOf } from '../../shared/message-of.ts';
import { ContractError } from './contract-error.ts';

/** What a host offers so that clients get to the proxy. */
export interface ClientsHost {
  readonly systemProxy: {
    status(): Promise<SystemProxyStatus>;
    /** Rejects with a sentence when it cannot be set; nothing is changed then. */
    turnOn(): Promise<unknown>;
    turnOff(): Promise<unknown>;
  };
  readonly launcher: {
    browsers(): readonly BrowserChoice[];
    /** Both reject with a sentence when that is not possible. */
    open(id: BrowserChoice['id'], url: string): Promise<void>;
    facts(): Promise<ClientFacts>;
  };
}

/** What a browser shows when nothing else was asked for: it exists wherever the proxy is used. */
const START_PAGE = 'http://hopscope.local/';

type Handlers = {
  [N in keyof ClientsRequestMap]: (
    params: ClientsRequestMap[N]['params'],
  ) => ClientsRequestMap[N]['result'] | Promise<ClientsRequestMap[N]['result']>;
};

/** The contract's requests about clients. @param changed is told how the system's proxy stands after a change. */
export function clientsRequests(
  { systemProxy, launcher }: ClientsHost,
  changed: (status: SystemProxyStatus) => void,
): Handlers {
  return {
    'systemProxy.read': () => withSentence('SYSTEM_PROXY', () => systemProxy.status()),
    'systemProxy.set': async ({ on }) => {
      await withSentence('SYSTEM_PROXY', () => (on ? systemProxy.turnOn() : systemProxy.turnOff()));
      const status = await withSentence('SYSTEM_PROXY', () => systemProxy.status());
      changed(status);
      return status;
    },
    'browsers.list': () => launcher.browsers().map(({ id, name }) => ({ id, name })),
    'browsers.open': async ({ id, url = START_PAGE }) => {
      await withSentence('BROWSER', () => launcher.open(id, url));
      return null;
    },
    'clients.facts': () => withSentence('NOT_LISTENING', () => launcher.facts()),
  };
}

/** What is wrong with a system is nobody's mistake here, and its sentence is for the person who asked. */
async function withSentence<T>(code: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new ContractError(code, messageOf(error));
  }
}
