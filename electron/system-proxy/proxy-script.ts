import { isIP } from 'node:net';

export interface ScriptOptions {
  /** Address of our proxy, `host:port`; undefined while it does not listen. */
  readonly proxy: string | undefined;
  /** Hosts reached without us: a name, a name with `*`, `.suffix`, an address, or `<local>` for names without a dot. */
  readonly bypass: readonly string[];
  /** Address of the proxy that was used before us, for the case that we are gone. */
  readonly former?: string | undefined;
}

/**
 * The auto-configuration script that sends clients to us, and past us as before when we do not answer: whatever becomes of
 * this process, nobody is cut off from the network.
 */
export function proxyScript({ proxy, bypass, former }: ScriptOptions): string {
  const without = former === undefined ? 'DIRECT' : `PROXY ${former}; DIRECT`;
  const conditions = bypass.map(condition);
  return [
    '// Made by Hopscope. When Hopscope does not answer, clients go on without it.',
    'function FindProxyForURL(url, host) {',
    ...(conditions.length === 0 ? [] : [`  if (${conditions.join(' ||\n      ')}) return ${JSON.stringify(without)};`]),
    `  return ${JSON.stringify(proxy === undefined ? without : `PROXY ${proxy}; ${without}`)};`,
    '}',
    '',
  ].join('\n');
}

function condition(rule: string): string {
  if (rule === '<local>') return 'isPlainHostName(host)';
  const host = rule.toLowerCase();
  if (isIP(host) !== 0 || !/[*.]/.test(host)) return `host === ${JSON.stringify(host)}`;
  if (host.startsWith('.')) return `dnsDomainIs(host, ${JSON.stringify(host)})`;
  return `shExpMatch(host, ${JSON.stringify(host)})`;
}
