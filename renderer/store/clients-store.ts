import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { BrowserChoice, ClientFacts, SystemProxyStatus } from '../../shared/clients-contract.ts';
import type { Answer, InspectorApi } from '../../shared/contract.ts';
import type { LanguageStore } from '../i18n/language-store.ts';
import { notify } from './session-store.ts';
import type { SessionStore } from './session-store.ts';

/** How clients get to the proxy, as far as the host has said. */
export interface ClientsState {
  readonly systemProxy: SystemProxyStatus | undefined;
  readonly browsers: readonly BrowserChoice[] | undefined;
  readonly facts: ClientFacts | undefined;
  /** Whether the system's proxy is being set. */
  readonly switching: boolean;
}

/** The ways in which clients get to the proxy, and what can be done about them. */
export interface Clients {
  readonly store: StoreApi<ClientsState>;
  /** Asks for everything anew: browsers are installed, and somebody else may set the system's proxy. */
  readonly refresh: () => Promise<void>;
  readonly setSystemProxy: (on: boolean) => Promise<void>;
  readonly openBrowser: (browser: BrowserChoice) => Promise<void>;
}

/** Failures of what a person asked for become notices in `session`. */
export function createClients(api: InspectorApi, session: SessionStore, language: LanguageStore): Clients {
  const store = createStore<ClientsState>()(() => ({
    systemProxy: undefined,
    browsers: undefined,
    facts: undefined,
    switching: false,
  }));
  const valueOf = <T>(answer: Answer<T>): T | undefined => {
    if (answer.ok) return answer.value;
    notify(session, 'error', answer.error.message);
    return undefined;
  };
  return {
    store,
    async refresh() {
      const [systemProxy, browsers, facts] = await Promise.all([
        api.request('systemProxy.read', undefined),
        api.request('browsers.list', undefined),
        api.request('clients.facts', undefined),
      ]);
      store.setState({ systemProxy: valueOf(systemProxy), browsers: valueOf(browsers), facts: valueOf(facts) });
    },
    async setSystemProxy(on) {
      store.setState({ switching: true });
      const status = valueOf(await api.request('systemProxy.set', { on }));
      store.setState({ switching: false, ...(status === undefined ? {} : { systemProxy: status }) });
    },
    async openBrowser({ id, name }) {
      const done = valueOf(await api.request('browsers.open', { id }));
      if (done !== undefined) notify(session, 'info', language.getState().t('connect.opens', { name }));
    },
  };
}
