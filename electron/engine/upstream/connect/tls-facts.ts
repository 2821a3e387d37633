import type { DetailedPeerCertificate, PeerCertificate, TLSSocket } from 'node:tls';
import type { CertificateFacts, TlsFacts } from '../../../../shared/tls-facts.ts';

/** What was agreed on a secured connection, and what the other side showed of itself. */
export function tlsFacts(socket: TLSSocket, problem: string | undefined): TlsFacts {
  const { servername, alpnProtocol } = socket as { servername?: unknown; alpnProtocol: string | false | null };
  return {
    version: socket.getProtocol() ?? 'TLS',
    cipher: socket.getCipher().name,
    ...(typeof alpnProtocol === 'string' ? { alpn: alpnProtocol } : {}),
    ...(typeof servername === 'string' && servername !== '' ? { serverName: servername } : {}),
    resumed: socket.isSessionReused(),
    verified: problem === undefined,
    ...(problem === undefined ? {} : { problem }),
    chain: chainOf(socket.getPeerCertificate(true)),
  };
}

/** The certificates from the server's own upwards. Node closes the chain by letting a root be its own issuer. */
function chainOf(leaf: DetailedPeerCertificate): CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = leaf;
  while (next !== undefined && 'fingerprint256' in next && !seen.has(next.fingerprint256) && chain.length < 10) {
    seen.add(next.fingerprint256);
    chain.push(certificateFacts(next));
    next = issuerOf(next);
  }
  return chain;
}

/** Typed as always there, but absent for a certificate whose issuer was not sent. */
function issuerOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate | undefined {
  return certificate.issuerCertificate;
}

function certificateFacts(certificate: PeerCertificate): CertificateFacts {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    names: (certificate.subjectaltname ?? '').split(', ').filter((name) => name !== ''),
    validFrom: Date.parse(certificate.valid_from),
    validTo: Date.parse(certificate.valid_to),
    serial: certificate.serialNumber,
    fingerprint: certificate.fingerprint256,
  };
}

/** A distinguished name as people write it: `CN=example.com, O=Example`. */
function nameOf(name: PeerCertificate['subject'] | undefined): string {
  return Object.entries(name ?? {})
    .flatMap(([key, value]: [string, unknown]) =>
      (Array.isArray(value) ? value : [value]).map((one) => `${key}=${String(one)}`),
    )
    .reverse()
    .join(', ');
}
