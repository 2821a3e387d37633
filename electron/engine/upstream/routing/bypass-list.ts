import { BlockList, isIP } from 'node:net';
import { fullBlock, isBlock } from '../../../../shared/address-block.ts';
import { compileGlob } from '../../http/glob.ts';
import { splitHostPort } from './host-port.ts';

/** A bypass list, ready to be asked. */
export interface BypassList {
  /** Says whether a host and port are to be reached without a proxy. */
  matches(hostname: string, port: number): boolean;
  /** Whether `<-loopback>` sends even what means this machine through a proxy elsewhere, as in Chromium. */
  readonly includesLoopback: boolean;
}

type Rule = (hostname: string, port: number) => boolean;

/**
 * Prepares a list of rules as system settings and browsers know them: `host`, `*.glob`, `.suffix` (with the suffix
 * itself), an address, a CIDR block, `<local>` (names without a dot), each with `:port` where only that one is meant.
 */
export function compileBypassList(rules: readonly string[]): BypassList {
  const compiled: Rule[] = [];
  let includesLoopback = false;
  for (const rule of rules) {
    if (rule.toLowerCase() === '<-loopback>') includesLoopback = true;
    else compiled.push(compileRule(rule));
  }
  return { includesLoopback, matches: (hostname, port) => compiled.some((matches) => matches(hostname, port)) };
}

function compileRule(rule: string): Rule {
  if (rule.toLowerCase() === '<local>') return (hostname) => !hostname.includes('.') && isIP(hostname) === 0;
  const block = compileBlock(rule);
  if (block !== undefined) return block;
  const { hostname: wanted, port: onlyPort } = splitHostPort(rule);
  const host = wanted.startsWith('.') ? compileSuffix(wanted) : compileGlob(wanted);
  return (hostname, port) => (onlyPort === undefined || port === onlyPort) && host(hostname);
}

function compileSuffix(suffix: string): (hostname: string) => boolean {
  const bare = suffix.slice(1);
  return (hostname) => hostname === bare || hostname.endsWith(suffix);
}

/** A CIDR block, also one written short as 169.254/16, as a rule; undefined when `rule` is none. Only addresses are in blocks: no name is looked up for this. */
export function compileBlock(rule: string): Rule | undefined {
  const block = fullBlock(rule.replace(/[[\]]/g, ''));
  if (!isBlock(block)) return undefined;
  const [address = '', prefix] = block.split('/');
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (hostname) => {
    const kind = isIP(hostname);
    return kind !== 0 && list.check(hostname, kind === 6 ? 'ipv6' : 'ipv4');
  };
}
