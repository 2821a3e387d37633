import type { Upstream } from '../../../shared/settings-routes.ts';
import type { UpstreamType } from './upstream-draft.ts';

export const TYPE_WORDS: Readonly<Record<UpstreamType, readonly [name: string, meaning: string]>> = {
  origin: ['Server', 'Requests made to Hopscope are sent there, as by a reverse proxy.'],
  proxy: ['Proxy', 'Requests are sent through it: HTTP, HTTPS, SOCKS5 or SOCKS4.'],
  pac: ['PAC script', 'A script names the proxies for each URL. It runs in a sandbox.'],
  application: ['Application', 'Hopscope runs it and hands requests to it: WSGI or JavaScript.'],
};

/** Where an upstream leads, in one line. */
export function upstreamNote(upstream: Upstream): string {
  switch (upstream.type) {
    case 'origin':
      return upstream.hostPolicy === 'client' ? `${upstream.url}, with the client's Host` : upstream.url;
    case 'proxy':
      return upstream.credentials === undefined ? upstream.url : `${upstream.url} as ${upstream.credentials.username}`;
    case 'pac':
      return upstream.from === 'text' ? `A script of ${upstream.source.length} characters` : upstream.source;
    case 'application': {
      const where = upstream.directory === '' ? '' : ` in ${upstream.directory}`;
      return `${upstream.module}${where}${upstream.mount === '/' ? '' : ` at ${upstream.mount}`}`;
    }
  }
}
