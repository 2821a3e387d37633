import { splitHostPort } from '../routing/host-port.ts';
import type { ProxyServer } from '../routing/route.ts';
import type { ProxyList } from '../routing/proxy-list.ts';

const PROTOCOLS: Readonly<Record<string, readonly [ProxyServer['protocol'], number]>> = {
  PROXY: ['http', 80],
  HTTP: ['http', 80],
  HTTPS: ['https', 443],
  // Chromium takes SOCKS for version 4, and so do we: 4a, that is, which lets the proxy resolve names.
  SOCKS: ['socks4', 1080],
  SOCKS4: ['socks4', 1080],
  SOCKS5: ['socks5', 1080],
};

/**
 * Reads the answer of FindProxyForURL, as in `PROXY a:3128; SOCKS5 b; DIRECT`. Entries that make no sense are left out,
 * as browsers do; an empty answer means DIRECT.
 */
export function parsePacAnswer(answer: string): ProxyList {
  const list: (ProxyServer | undefined)[] = [];
  for (const entry of answer.split(';')) {
    const [word = '', address = ''] = entry.trim().split(/\s+/);
    if (word.toUpperCase() === 'DIRECT') list.push(undefined);
    const [protocol, usual] = PROTOCOLS[word.toUpperCase()] ?? [];
    if (protocol === undefined || usual === undefined || address === '') continue;
    const { hostname, port = usual } = splitHostPort(address);
    if (hostname === '' || port < 1 || port > 65_535) continue;
    const shown = hostname.includes(':') ? `[${hostname}]` : hostname;
    list.push({ protocol, hostname, port, label: `${protocol}://${shown}:${port}` });
  }
  return list.length === 0 ? [undefined] : list;
}
