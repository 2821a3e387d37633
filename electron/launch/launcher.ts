import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { whyNotWritten } from '../engine/write-trouble.ts';
import type { ClientFacts } from '../../shared/clients-contract.ts';
import { isLoopbackHost } from '../../shared/loopback.ts';
import type { BrowserId, InstalledBrowser } from './browsers.ts';
import { findBrowsers } from './browsers.ts';
import type { BrowserProxy, OpenBrowser } from './open-browser.ts';
import { openBrowser } from './open-browser.ts';
import { writeTrustFiles } from './trust-files.ts';

/** The proxy as the launcher finds it. */
export interface LaunchedProxy {
  /** Its address as its status has it; undefined while it does not listen. */
  readonly url: () => string | undefined;
  readonly certificate: string;
  readonly certificateFile: string;
  readonly dataDir: string;
  readonly terminal: ClientFacts['terminal'];
}

/** The browsers that are installed here. */
export function installedBrowsers(): InstalledBrowser[] {
  return findBrowsers({ platform: process.platform, env: process.env, exists: existsSync });
}

/** How a client on this machine reaches a proxy that may listen on every address. */
export function localUrl(proxyUrl: string): string {
  const { protocol, hostname, port } = new URL(proxyUrl);
  const host = { '0.0.0.0': '127.0.0.1', '[::]': '[::1]' }[hostname] ?? hostname;
  return `${protocol}//${host}:${port === '' ? '80' : port}`;
}

/** Gets clients to the proxy: browsers, and what everything else has to be told. */
export class Launcher {
  readonly #proxy: LaunchedProxy;
  readonly #open = new Set<OpenBrowser>();

  constructor(proxy: LaunchedProxy) {
    this.#proxy = proxy;
  }

  browsers(): InstalledBrowser[] {
    return installedBrowsers();
  }

  /** What clients need to be told. Rejects while the proxy does not listen. */
  async facts(): Promise<ClientFacts> {
    const { certificate, certificateFile, dataDir, terminal } = this.#proxy;
    const listening = this.#proxy.url();
    if (listening === undefined) throw new Error('The proxy does not listen at the moment.');
    const { hostname, port } = new URL(listening);
    const directory = join(dataDir, 'trust');
    const trust = await writeTrustFiles(directory, certificate).catch((error: unknown) => {
      throw new Error(`The files by which clients trust Hopscope are not in ${directory}: ${whyNotWritten(error)}`);
    });
    return {
      ...{ url: localUrl(listening), certificate: certificateFile, ...trust, terminal },
      lan: isLoopbackHost(hostname.replace(/^\[(.*)\]$/, '$1')) ? [] : lanAddresses(hostname, port),
    };
  }

  /** Opens a browser on a profile of its own; rejects with a sentence when that is not possible. */
  async open(id: BrowserId, url: string): Promise<void> {
    const browser = this.browsers().find((one) => one.id === id);
    if (browser === undefined) throw new Error(`There is no ${id} on this machine.`);
    const listening = this.#proxy.url();
    if (listening === undefined) throw new Error('The proxy does not listen at the moment.');
    const proxy: BrowserProxy = { ...this.#proxy, url: localUrl(listening) };
    const opened = await openBrowser(browser, proxy, url);
    this.#open.add(opened);
    void opened.ended.finally(() => this.#open.delete(opened));
  }

  /** Ends the browsers that were opened: without their proxy they are of no use. */
  async close(): Promise<void> {
    const open = [...this.#open];
    for (const { child } of open) child.kill();
    await Promise.all(open.map(({ ended }) => ended));
  }
}

/** The addresses under which other machines may reach a proxy that listens on `hostname`. */
function lanAddresses(hostname: string, port: string): string[] {
  const here = Object.values(networkInterfaces()).flatMap((list = []) =>
    list.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
  );
  const isAny = hostname === '0.0.0.0' || hostname === '[::]';
  return here.filter((address) => isAny || address === hostname).map((address) => `${address}:${port}`);
}
