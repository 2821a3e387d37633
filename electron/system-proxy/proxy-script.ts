import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { fullBlock, isBlock } from '../../shared/address-block.ts';

export interface ScriptOptions {
  /** Address of our proxy, `host:port`; undefined while it does not listen. */
  readonly proxy: string | undefined;
  /** Hosts reached without us: a name, a name with `*`, `.suffix`, an address, a CIDR block, or `<local>` for names without a dot. */
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
  const written = fullBlock(rule.toLowerCase());
  if (written === '<local>') return 'isPlainHostName(host)';
  if (isBlock(written)) return blockCondition(written);
  const host = domainToASCII(written) || written;
  if (isIP(host) !== 0 || !/[*.]/.test(host)) return `host === ${JSON.stringify(host)}`;
  if (host.startsWith('.')) return `dnsDomainIs(host, ${JSON.stringify(host)})`;
  return `shExpMatch(host, ${JSON.stringify(host)})`;
}

/** Only addresses are in blocks: no name is looked up for this. Of IPv6 not every client's scripts know blocks. */
function blockCondition(block: string): string {
  const [base = '', prefix] = block.split('/');
  if (isIP(base) === 6) {
    return `host.indexOf(':') !== -1 && typeof isInNetEx === 'function' && isInNetEx(host, ${JSON.stringify(block)})`;
  }
  const bits = Number(prefix);
  const mask = [0, 8, 16, 24].map((before) => 256 - 2 ** (8 - Math.min(8, Math.max(0, bits - before))));
  return `/^[0-9.]+$/.test(host) && isInNet(host, ${JSON.stringify(base)}, ${JSON.stringify(mask.join('.'))})`;
}
