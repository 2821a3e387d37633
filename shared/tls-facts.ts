/** What a certificate says of itself. Times are epoch milliseconds. */
export interface CertificateFacts {
  /** Distinguished names, as in `CN=example.com, O=Example`. */
  readonly subject: string;
  readonly issuer: string;
  /** Subject alternative names, as in `DNS:example.com` and `IP Address:10.0.0.1`. */
  readonly names: readonly string[];
  readonly validFrom: number;
  readonly validTo: number;
  /** In hexadecimal. */
  readonly serial: string;
  /** SHA-256, in hexadecimal with colons. */
  readonly fingerprint: string;
}

/** What was agreed on a secured connection to an upstream, and what the server proved of itself. */
export interface TlsFacts {
  /** As in `TLSv1.3`. */
  readonly version: string;
  readonly cipher: string;
  /** The protocol agreed by ALPN (RFC 7301), if there was one. */
  readonly alpn?: string;
  /** The name asked for (SNI, RFC 6066 §3); absent for addresses. */
  readonly serverName?: string;
  /** Whether an earlier session was resumed. */
  readonly resumed: boolean;
  readonly verified: boolean;
  /** What was wrong with the certificate that a setting let pass. */
  readonly problem?: string;
  /** From the server's own certificate upwards, as far as the server sent them. */
  readonly chain: readonly CertificateFacts[];
}

/** What was agreed with a client on the secured connection that its request came in; the innermost, if there is TLS in TLS. */
export interface ClientTlsFacts {
  /** As in `TLSv1.3`. */
  readonly version: string;
  readonly cipher: string;
  /** The protocol agreed by ALPN (RFC 7301); empty when the client did not ask. */
  readonly alpn: string;
  /** The host that the client asked for (SNI, RFC 6066 §3); empty when it did not say. */
  readonly serverName: string;
  /** Whether an earlier session was resumed. */
  readonly resumed: boolean;
  /** When the handshake began and ended, in engine milliseconds. */
  readonly start: number;
  readonly end: number;
}
