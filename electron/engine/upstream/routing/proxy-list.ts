import type { ProxyServer } from './route.ts';

/** Proxies in the order to try them; `undefined` stands for going there directly. */
export type ProxyList = readonly (ProxyServer | undefined)[];
