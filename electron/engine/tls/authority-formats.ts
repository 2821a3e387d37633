import { X509Certificate } from 'node:crypto';

/** What devices need to be told of an authority, made of its certificate alone. */
export interface AuthorityFacts {
  /** The name people see, as in `Hopscope CA 1A2B3C`. */
  readonly name: string;
  /** SHA-1 in hex, capital letters: what Windows and macOS find certificates by. */
  readonly sha1: string;
  /** SHA-256 with colons: what people compare. */
  readonly sha256: string;
  readonly validTo: Date;
}

/** The facts of a certificate in PEM. */
export function authorityFacts(pem: string): AuthorityFacts {
  const certificate = new X509Certificate(pem);
  const name = /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? 'Hopscope CA';
  const { fingerprint, fingerprint256, validToDate } = certificate;
  return { name, sha1: fingerprint.replaceAll(':', ''), sha256: fingerprint256, validTo: validToDate };
}

/** A certificate in PEM as DER, which Windows, Android and Java like best. */
export function toDer(pem: string): Uint8Array {
  return new X509Certificate(pem).raw;
}

/** A configuration profile for iOS, iPadOS and macOS that installs the authority. */
export function toMobileProfile(pem: string): string {
  const { name, sha256 } = authorityFacts(pem);
  const content = Buffer.from(toDer(pem)).toString('base64');
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadCertificateFileName</key>
      <string>hopscope-ca.cer</string>
      <key>PayloadContent</key>
      <data>${content}</data>
      <key>PayloadDescription</key>
      <string>Lets Hopscope look into this device's HTTPS traffic.</string>
      <key>PayloadDisplayName</key>
      <string>${name}</string>
      <key>PayloadIdentifier</key>
      <string>hopscope.ca.certificate</string>
      <key>PayloadType</key>
      <string>com.apple.security.root</string>
      <key>PayloadUUID</key>
      <string>${uuidOf(sha256, 0)}</string>
      <key>PayloadVersion</key>
      <integer>1</integer>
    </dict>
  </array>
  <key>PayloadDisplayName</key>
  <string>${name}</string>
  <key>PayloadIdentifier</key>
  <string>hopscope.ca</string>
  <key>PayloadRemovalDisallowed</key>
  <false/>
  <key>PayloadType</key>
  <string>Configuration</string>
  <key>PayloadUUID</key>
  <string>${uuidOf(sha256, 16)}</string>
  <key>PayloadVersion</key>
  <integer>1</integer>
</dict>
</plist>
`;
}

/** The same certificate gives the same identifiers, so that a profile replaces itself. */
function uuidOf(sha256: string, byte: number): string {
  const hex = sha256.replaceAll(':', '').slice(byte * 2, byte * 2 + 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
