import type { Settings } from '../../../../shared/settings.ts';
import { asciiName } from '../routing/ascii-name.ts';
import { TlsSessions } from './secure-socket.ts';
import { TlsPolicy } from './tls-policy.ts';

/** How connections are opened, by the settings. Connections of one policy are as good as each other. */
export interface ConnectPolicy {
  readonly tls: TlsPolicy;
  readonly sessions: TlsSessions;
  /** Whether HTTP/2 is offered to origins. */
  readonly http2: boolean;
  /** The address that stands in for a host name; undefined when the name is to be looked up. */
  addressFor(hostname: string): string | undefined;
}

/** Makes policies from settings, and the same one again as long as nothing changed that they are made of. */
export class ConnectPolicies {
  readonly #made = new WeakMap<Settings, ConnectPolicy>();
  #newest: { readonly text: string; readonly policy: ConnectPolicy } | undefined;

  for(settings: Settings): ConnectPolicy {
    const known = this.#made.get(settings);
    if (known !== undefined) return known;
    const text = JSON.stringify([settings.dns, settings.originTls]);
    if (this.#newest?.text !== text) this.#newest = { text, policy: connectPolicy(settings) };
    const { policy } = this.#newest;
    this.#made.set(settings, policy);
    return policy;
  }
}

function connectPolicy({ dns, originTls }: Settings): ConnectPolicy {
  const exact = new Map<string, string>();
  const suffixes: { readonly suffix: string; readonly address: string }[] = [];
  for (const { host, address } of dns) {
    const lower = asciiName(host.toLowerCase());
    if (lower.startsWith('*.')) suffixes.push({ suffix: lower.slice(1), address });
    else if (!exact.has(lower)) exact.set(lower, address);
  }
  return {
    tls: new TlsPolicy(originTls),
    sessions: new TlsSessions(),
    http2: originTls.http2,
    addressFor: (hostname) => exact.get(hostname) ?? suffixes.find(({ suffix }) => hostname.endsWith(suffix))?.address,
  };
}
