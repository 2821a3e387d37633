/** HTTP/1.1 alone, for what cannot share a connection (RFC 7301). */
export const HTTP1_ONLY: readonly string[] = ['http/1.1'];
/** What is offered to origins by ALPN, best first. */
export const HTTP2_OR_HTTP1: readonly string[] = ['h2', 'http/1.1'];
