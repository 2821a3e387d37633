import * as v from 'valibot';
import { hostRule } from './host-rule.ts';

/** A rule for hosts: a name, a name with `*`, `.suffix`, an address or a CIDR block; `:port` for that port alone. */
const rule = hostRule(
  { suffix: true, block: true, port: true, words: ['<local>'] },
  'a host pattern is a host, *.host, .suffix, an address or a CIDR block',
);
const MOST = 1_000;
const TOO_MANY = 'at most 1,000 hosts are passed through';

/** Also with what earlier versions saved unchecked: it matches nothing, and must not cost the other settings. */
const savedRule = v.pipe(v.string(), v.trim(), v.minLength(1));

/** What each setting of TLS towards clients may be, without its default. */
export const tlsEntries = {
  /** Whether TLS inside of tunnels is intercepted, so that its requests can be inspected and cached. */
  intercept: v.boolean(),
  /** Hosts whose TLS is passed through as it is: clients that pin certificates, and what nobody should look into. */
  passthrough: v.pipe(v.array(rule), v.maxLength(MOST, TOO_MANY)),
};

/** The settings of TLS towards clients with their defaults, to be composed with the others. */
export const tlsSettings = {
  tls: v.optional(
    v.object({
      intercept: v.optional(tlsEntries.intercept, true),
      passthrough: v.optional(v.pipe(v.array(savedRule), v.maxLength(MOST, TOO_MANY)), []),
    }),
    {},
  ),
};
