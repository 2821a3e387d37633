import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Knows where this proxy listens, so that requests that would come back to it are recognised. */
export class OwnAddresses {
  readonly #listening: AddressInfo[] = [];

  add(address: AddressInfo): void {
    this.#listening.push(address);
  }

  /** Says whether `hostname`, as it stands in a URL, and `port` mean one of our listeners, as far as a name tells. */
  hasHost(hostname: string, port: number): boolean {
    if (!this.#listening.some((own) => own.port === port)) return false;
    return hostname === 'localhost' || hostname.endsWith('.localhost') || this.hasAddress(hostname, port);
  }

  /** Says whether the IP address and port are one of our listeners. */
  hasAddress(address: string, port: number): boolean {
    const plain = address.replace(/^::ffff:/i, '');
    return this.#listening.some((own) => {
      if (own.port !== port) return false;
      if (own.address === plain) return true;
      if (own.address !== '0.0.0.0' && own.address !== '::') return false;
      return isLoopback(plain) || plain === '0.0.0.0' || plain === '::' || isLocal(plain);
    });
  }
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function isLocal(address: string): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some((entry) => entry.address === address) === true);
}
