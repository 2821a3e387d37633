import * as v from 'valibot';

const address = v.pipe(v.string(), v.ip());

/** An IPv4 block written short, as `169.254/16`, in full: `169.254.0.0/16`. Anything else stays as it is. */
export function fullBlock(text: string): string {
  const [, base, prefix] = /^(\d{1,3}(?:\.\d{1,3}){0,2})\.?\/(\d{1,3})$/.exec(text) ?? [];
  if (base === undefined || prefix === undefined) return text;
  const octets = base.split('.');
  return `${[...octets, ...Array<string>(4 - octets.length).fill('0')].join('.')}/${prefix}`;
}

/** Says whether `text` is a CIDR block in full (RFC 4632 §3.1, RFC 4291 §2.3). */
export function isBlock(text: string): boolean {
  const [, base = '', prefix] = /^([0-9a-f:.]+)\/(\d{1,3})$/i.exec(text) ?? [];
  return v.is(address, base) && Number(prefix) <= (base.includes(':') ? 128 : 32);
}

/** Says whether `text` is an IP address. */
export function isAddress(text: string): boolean {
  return v.is(address, text);
}

/** Says whether `text` is an IP address or a CIDR block in full. */
export function isAddressOrBlock(text: string): boolean {
  return isAddress(text) || isBlock(text);
}
