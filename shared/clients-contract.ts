/** How the system's proxy stands. */
export interface SystemProxyStatus {
  /**
   * `on`: the system uses us; `replaced`: we had set it, and somebody has set something else since; `elsewhere`: it is set to
   * another Hopscope; `unsupported`: we do not know how it is set here.
   */
  readonly state: 'on' | 'off' | 'replaced' | 'elsewhere' | 'unsupported';
  /** Whose setting it is, for people. */
  readonly system?: string;
}

/** What can be asked about the ways in which clients get to the proxy. A part of the contract's map of requests. */
export interface ClientsRequestMap {
  'systemProxy.read': { params: undefined; result: SystemProxyStatus };
  /** Sets the system's proxy to Hopscope, or back; `SYSTEM_PROXY` with a sentence when that is not possible. */
  'systemProxy.set': { params: { on: boolean }; result: SystemProxyStatus };
  /** The browsers that are installed where Hopscope runs. */
  'browsers.list': { params: undefined; result: BrowserChoice[] };
  /** Opens one with a profile of its own, through the proxy; `BROWSER` with a sentence when that is not possible. */
  'browsers.open': { params: { id: BrowserChoice['id']; url?: string }; result: null };
  'clients.facts': { params: undefined; result: ClientFacts };
}

/** What is told about it. */
export interface ClientsEventMap {
  'systemProxy.changed': SystemProxyStatus;
}

/** A browser that can be opened on a profile of its own. */
export interface BrowserChoice {
  readonly id: 'chromium' | 'chrome' | 'edge' | 'brave' | 'firefox';
  readonly name: string;
}

/** What clients have to be told to use the proxy and to trust its authority. */
export interface ClientFacts {
  /** `http://host:port`, for clients on this machine. */
  readonly url: string;
  /** Absolute paths: the authority's certificate; that and all the system trusts, as PEM and as a Java key store. */
  readonly certificate: string;
  readonly bundle: string;
  readonly javaStore: string;
  /** `host:port` for clients on other machines; empty where the proxy listens on this machine alone. */
  readonly lan: readonly string[];
  /** Lines for a terminal on this machine: `here` for all that it starts from then on, `once` for one command. */
  readonly terminal: { readonly here: string; readonly once: string };
}
