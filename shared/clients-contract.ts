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
}

/** What is told about it. */
export interface ClientsEventMap {
  'systemProxy.changed': SystemProxyStatus;
}
