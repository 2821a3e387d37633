/** What is offered to origins by ALPN (RFC 7301), best first. */
export const UPSTREAM_PROTOCOLS: readonly string[] = ['http/1.1'];
