import type { ErrorCode } from '../errors.ts';

type Advice = (host: string) => string;

const acceptIt: Advice = (host) =>
  `To accept whatever certificate ${host} shows: --insecure-upstream ${host}, or “Hosts not verified” on Hopscope’s Routing page.`;

const onRulesPage: Advice = () => 'Rules can be changed and switched off on Hopscope’s Rules page.';

/** What people can do about errors that a setting or a flag helps with. */
const ADVICE: Partial<Readonly<Record<ErrorCode, readonly Advice[]>>> = {
  CERTIFICATE_EXPIRED: [() => 'If the server is yours, renew its certificate.', acceptIt],
  CERTIFICATE_NOT_YET_VALID: [() => 'Check the clock of the machine that runs Hopscope.', acceptIt],
  CERTIFICATE_SELF_SIGNED: [
    () =>
      'To trust this certificate alone: --upstream-ca FILE with it, or “Further authorities” on Hopscope’s Routing page.',
    acceptIt,
  ],
  CERTIFICATE_UNKNOWN_ISSUER: [
    () =>
      'To trust its issuer: --upstream-ca FILE with the authority’s certificate, or “Further authorities” on Hopscope’s Routing page.',
    () => 'If the server is yours, have it send the intermediate certificates as well.',
    acceptIt,
  ],
  CERTIFICATE_WRONG_HOST: [() => 'Ask for the server by one of the names in its certificate.', acceptIt],
  CERTIFICATE_REVOKED: [() => 'Whoever issued it says that it must not be trusted any more.', acceptIt],
  CERTIFICATE_INVALID: [acceptIt],
  // RFC 5246 §7.4.6: there is no alert of its own for a certificate that is missing before TLS 1.3.
  TLS_ALERT: [
    (host) =>
      `A “handshake failure” may mean that the server wants a client certificate: --client-cert ${host}=FILE, or “Client certificates” on Hopscope’s Routing page.`,
  ],
  CLIENT_CERTIFICATE: [
    (host) =>
      `To show the server a certificate: --client-cert ${host}=FILE, or “Client certificates” on Hopscope’s Routing page.`,
  ],
  NOT_TLS: [() => 'Perhaps the server speaks HTTP in the clear there: ask by http:// instead of https://.'],
  DNS_FAILED: [(host) => `To say where it is: --dns ${host}=ADDRESS, or “DNS overrides” on Hopscope’s Routing page.`],
  TRANSFER_CODING: [
    (host) =>
      `${host} may send no transfer coding but chunked here, since Hopscope asks for no other; gzip and deflate are undone all the same.`,
  ],
  TARGET_TOO_LONG: [() => 'What does not fit into a URL can be sent as the body of a POST.'],
  LOOP: [
    () => 'What Hopscope has for clients that use it as their proxy is at http://hopscope.local/.',
    () =>
      'If another server was meant: its upstream, route or DNS override leads to Hopscope’s own port. That is changed by --upstream, --route and --dns, or on Hopscope’s Routing page.',
  ],
  BLOCKED: [onRulesPage],
  RULE_FILE_MISSING: [onRulesPage],
  RULE_FILE_UNREADABLE: [onRulesPage],
  PROXY_UNREACHABLE: [() => 'The proxy is set by --upstream-proxy, --route, or on Hopscope’s Routing page.'],
  PROXY_AUTH: [() => 'Credentials go into the proxy’s URL, as in --upstream-proxy http://USER:PASSWORD@proxy:8080.'],
};

/** Sentences about what to do when the exchange with `host` failed with `code`; none where Hopscope knows no remedy. */
export function adviceFor(code: ErrorCode, host: string): readonly string[] {
  return (ADVICE[code] ?? []).map((advice) => advice(host));
}
