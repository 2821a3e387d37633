import type { ReactElement } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { CertificateFacts, ClientTlsFacts } from '../../../shared/tls-facts.ts';
import type { UpstreamSecured } from '../../../shared/trace-event.ts';
import { formatDateTime, formatDuration } from '../../format/units.ts';
import { RawText } from '../common/raw-text.tsx';
import { useInspector } from '../inspector-context.tsx';

/** The TLS on both sides of an exchange, with what the origin proved of itself. */
export function ConnectionSection({ view }: { readonly view: ExchangeView }): ReactElement | null {
  const { clientTls, upstreamTls } = view;
  if (clientTls === undefined && upstreamTls === undefined) return null;
  return (
    <section className="section" aria-label="Connection">
      <h3 className="section-title">Connection</h3>
      <dl className="facts">
        {clientTls !== undefined && <ClientTls tls={clientTls} />}
        {upstreamTls !== undefined && <UpstreamTls secured={upstreamTls} id={view.id} />}
      </dl>
      {upstreamTls?.tls.chain.map((certificate, place) => (
        <Certificate key={certificate.fingerprint} certificate={certificate} open={place === 0} />
      ))}
    </section>
  );
}

/** The TLS that the client's request came in. */
function ClientTls({ tls }: { readonly tls: ClientTlsFacts }): ReactElement {
  const { version, cipher, alpn, serverName, resumed, start, end } = tls;
  return (
    <>
      <dt>Client’s TLS</dt>
      <dd>
        {version}, {cipher}
        {alpn !== '' && <>, ALPN {alpn}</>},{' '}
        {serverName === '' ? 'no server name' : <RawText text={serverName} limit={300} />}
        <span className="section-note">
          , {resumed ? 'session resumed' : 'full handshake'}, {formatDuration(end - start)}
        </span>
      </dd>
    </>
  );
}

function UpstreamTls({ secured, id }: { readonly secured: UpstreamSecured; readonly id: number }): ReactElement {
  const { ui } = useInspector();
  const { connection, openedBy, tls } = secured;
  return (
    <>
      <dt>Upstream’s TLS</dt>
      <dd>
        {tls.version}, {tls.cipher}
        {tls.alpn !== undefined && <>, ALPN {tls.alpn}</>},{' '}
        {tls.serverName === undefined ? 'no server name' : <RawText text={tls.serverName} limit={300} />}
        <span className="section-note">, {tls.resumed ? 'session resumed' : 'full handshake'}</span>
      </dd>
      <dt>Verified</dt>
      <dd>{tls.verified ? 'Yes' : <>No: {tls.problem}</>}</dd>
      <dt>Connection</dt>
      <dd>
        {connection},{' '}
        {openedBy === id ? (
          'opened for this request'
        ) : openedBy === 0 ? (
          'opened for a request that is not in the session it came with'
        ) : (
          <>
            opened for{' '}
            <button type="button" className="link-button" onClick={() => ui.setState({ selectedId: openedBy })}>
              request {openedBy}
            </button>
            , which shows its certificates
          </>
        )}
      </dd>
    </>
  );
}

interface CertificateProps {
  readonly certificate: CertificateFacts;
  readonly open: boolean;
}

function Certificate({ certificate, open }: CertificateProps): ReactElement {
  const { subject, issuer, names, validFrom, validTo, serial, fingerprint } = certificate;
  return (
    <details className="certificate" open={open}>
      <summary>
        <RawText text={subject === '' ? (names[0] ?? serial) : subject} limit={300} />
      </summary>
      <dl className="facts">
        <dt>Issuer</dt>
        <dd>
          <RawText text={issuer} limit={300} />
        </dd>
        {names.length > 0 && (
          <>
            <dt>Names</dt>
            <dd>
              <RawText text={names.join(', ')} limit={2000} />
            </dd>
          </>
        )}
        <dt>Valid</dt>
        <dd>
          {formatDateTime(validFrom)} to {formatDateTime(validTo)}
        </dd>
        <dt>Serial</dt>
        <dd>
          <RawText text={serial} limit={100} />
        </dd>
        <dt>SHA-256</dt>
        <dd>
          <RawText text={fingerprint} limit={120} />
        </dd>
      </dl>
    </details>
  );
}
