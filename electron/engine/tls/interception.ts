import type { SecureContext } from 'node:tls';
import type { Settings } from '../../../shared/settings.ts';
import { LOCAL_HOST } from '../http/local-host.ts';
import type { BypassList } from '../upstream/routing/bypass-list.ts';
import { compileBypassList } from '../upstream/routing/bypass-list.ts';
import type { CertificateAuthority } from './certificate-authority.ts';
import { isCertifiable } from './certificate-authority.ts';
import type { ClientHello } from './client-hello.ts';
import { SERVED_PROTOCOLS } from './secure-client.ts';

/** What is to become of a client's TLS: ours to answer, or the reason why it passes as it is. */
export type Verdict =
  { readonly intercept: true; readonly name: string } | { readonly intercept: false; readonly why: string };

const MAX_TRUSTING = 1_000;

/** Decides what TLS is intercepted, and has the certificates for it. */
export class Interception {
  readonly #authority: CertificateAuthority;
  /** Clients with hosts that they have asked something of inside of our TLS; the oldest go first. */
  readonly #trusting = new Set<string>();
  #passthrough: { readonly rules: readonly string[]; readonly list: BypassList } | undefined;

  constructor(authority: CertificateAuthority) {
    this.#authority = authority;
  }

  /** Says whether TLS in a tunnel to that host is to be intercepted, as far as that is known before the client speaks. */
  mayIntercept({ tls }: Settings, { hostname, port }: { hostname: string; port: number }): boolean {
    return tls.intercept && !this.#listOf(tls.passthrough).matches(hostname, port);
  }

  /** @param tunnel where the client's tunnel leads to. */
  decide(settings: Settings, tunnel: { hostname: string; port: number }, hello: ClientHello): Verdict {
    const { intercept, passthrough } = settings.tls;
    // There is nobody else to answer for it.
    if (tunnel.hostname === LOCAL_HOST) return { intercept: true, name: LOCAL_HOST };
    if (!intercept) return { intercept: false, why: 'Interception is switched off' };
    const { hostname, port } = tunnel;
    const name = hello.serverName !== undefined && isCertifiable(hello.serverName) ? hello.serverName : hostname;
    const list = this.#listOf(passthrough);
    const listed = [hostname, name].find((host) => list.matches(host, port));
    if (listed !== undefined) return { intercept: false, why: `${listed} is on the passthrough list` };
    const { alpn } = hello;
    if (alpn.length > 0 && !alpn.some((protocol) => SERVED_PROTOCOLS.includes(protocol))) {
      return { intercept: false, why: `The client speaks ${alpn.join(', ')} inside of TLS` };
    }
    if (!isCertifiable(name)) return { intercept: false, why: `No certificate can be made for ${name}` };
    return { intercept: true, name };
  }

  /** What answers a client that talks to `name`. */
  contextFor(name: string): SecureContext {
    return this.#authority.contextFor(name);
  }

  /** Takes note that the client at `ip` has asked `host` for something inside of our TLS, and so takes our certificate. */
  trusted(ip: string, host: string): void {
    this.#trusting.add(`${ip} ${host}`);
    if (this.#trusting.size <= MAX_TRUSTING) return;
    const oldest = this.#trusting.values().next();
    if (oldest.done !== true) this.#trusting.delete(oldest.value);
  }

  /** Whether the client at `ip` is known to take our certificate for `host`. */
  isTrusted(ip: string, host: string): boolean {
    return this.#trusting.has(`${ip} ${host}`);
  }

  #listOf(rules: readonly string[]): BypassList {
    if (this.#passthrough?.rules !== rules) this.#passthrough = { rules, list: compileBypassList(rules) };
    return this.#passthrough.list;
  }
}
