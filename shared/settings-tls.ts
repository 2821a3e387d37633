import * as v from 'valibot';

/** A rule for hosts: a name, a name with `*`, `.suffix`, an address or a CIDR block; `:port` for that port alone. */
const hostRule = v.pipe(
  v.string(),
  v.trim(),
  v.regex(/^[^\s/,]+(\/\d{1,3})?$/, 'a host pattern is a host, *.host, .suffix, an address or a CIDR block'),
  v.maxLength(255),
);

/** What each setting of TLS towards clients may be, without its default. */
export const tlsEntries = {
  /** Whether TLS inside of tunnels is intercepted, so that its requests can be inspected and cached. */
  intercept: v.boolean(),
  /** Hosts whose TLS is passed through as it is: clients that pin certificates, and what nobody should look into. */
  passthrough: v.pipe(v.array(hostRule), v.maxLength(1_000, 'at most 1,000 hosts are passed through')),
};

/** The settings of TLS towards clients with their defaults, to be composed with the others. */
export const tlsSettings = {
  tls: v.optional(
    v.object({
      intercept: v.optional(tlsEntries.intercept, true),
      passthrough: v.optional(tlsEntries.passthrough, []),
    }),
    {},
  ),
};
