import * as v from 'valibot';
import { fullBlock, isAddress, isBlock } from './address-block.ts';

/** What a rule for hosts may be besides a name, with `*` for any run of characters, or an address. */
export interface HostRuleForms {
  /** `.suffix`, for the names that end with it. */
  readonly suffix?: true;
  /** A CIDR block. */
  readonly block?: true;
  /** `:port` behind a name or an address, in brackets where that is of IPv6. */
  readonly port?: true;
  /** Words with a meaning of their own, in lower case. */
  readonly words?: readonly string[];
}

/** Letters of every script: such names are asked for in ASCII (RFC 5890), into which rules are turned. */
const NAME = /^[\p{L}\p{M}\p{N}_*-]+(?:\.[\p{L}\p{M}\p{N}_*-]+)*\.?$/u;
const MOST = 300;

/** Says whether some host can be meant by `text`. */
export function isHostRule(text: string, { suffix, block, port, words = [] }: HostRuleForms): boolean {
  if (words.includes(text.toLowerCase())) return true;
  if (block === true && isBlock(fullBlock(text.replace(/[[\]]/g, '')))) return true;
  if (isAddress(text)) return true;
  const [, host = '', number] = (port === true ? /^(.*?)(?::(\d{1,5}))?$/ : /^(.*)$/).exec(text) ?? [];
  if (number !== undefined && (Number(number) < 1 || Number(number) > 65_535)) return false;
  if (host.startsWith('[')) return host.endsWith(']') && host.includes(':') && isAddress(host.slice(1, -1));
  const name = suffix === true ? host.replace(/^\./, '') : host;
  return text.length <= MOST && NAME.test(name) && !isNumeric(name);
}

/** Says whether `text` can be the name of one host. */
export function isHostName(text: string): boolean {
  return text.length <= MOST && NAME.test(text) && !text.includes('*') && !isNumeric(text);
}

/** What ends with a number is read as an address (WHATWG URL), and other ones than addresses are none. */
function isNumeric(name: string): boolean {
  return /(?:^|\.)\d+\.?$/.test(name) && !isAddress(name);
}

/** A schema of a rule for hosts. @param message what is said of others */
export function hostRule(forms: HostRuleForms, message: string) {
  return v.pipe(
    v.string(),
    v.trim(),
    v.check((text) => isHostRule(text, forms), message),
  );
}
