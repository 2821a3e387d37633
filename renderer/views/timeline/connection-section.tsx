import type { ReactElement } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { CertificateFacts, ClientTlsFacts } from '../../../shared/tls-facts.ts';
import type { UpstreamSecured } from '../../../shared/trace-event.ts';
import { formatDateTime, formatDuration } from '../../format/units.ts';
import { Rich } from '../../i18n/rich.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useInspector, useT } from '../inspector-context.tsx';

/** The TLS on both sides of an exchange, with what the origin proved of itself. */
export function ConnectionSection({ view }: { readonly view: ExchangeView }): ReactElement | null {
  const t = useT();
  const { clientTls, upstreamTls } = view;
  if (clientTls === undefined && upstreamTls === undefined) return null;
  return (
    <section className="section" aria-label={t('timeline.connection')}>
      <h3 className="section-title">{t('timeline.connection')}</h3>
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
  const t = useT();
  const { version, cipher, alpn, serverName, resumed, start, end } = tls;
  return (
    <>
      <dt>{t('timeline.clientTls')}</dt>
      <dd>
        {version}, {cipher}
        {alpn !== '' && <>, ALPN {alpn}</>},{' '}
        {serverName === '' ? t('timeline.noServerName') : <RawText text={serverName} limit={300} />}
        <span className="section-note">
          , {resumed ? t('timeline.resumed') : t('timeline.fullHandshake')}, {formatDuration(end - start)}
        </span>
      </dd>
    </>
  );
}

function UpstreamTls({ secured, id }: { readonly secured: UpstreamSecured; readonly id: number }): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const { connection, openedBy, tls } = secured;
  return (
    <>
      <dt>{t('timeline.upstreamTls')}</dt>
      <dd>
        {tls.version}, {tls.cipher}
        {tls.alpn !== undefined && <>, ALPN {tls.alpn}</>},{' '}
        {tls.serverName === undefined ? t('timeline.noServerName') : <RawText text={tls.serverName} limit={300} />}
        <span className="section-note">, {tls.resumed ? t('timeline.resumed') : t('timeline.fullHandshake')}</span>
      </dd>
      <dt>{t('timeline.verified')}</dt>
      <dd>{tls.verified ? t('timeline.yes') : t('timeline.notVerified', { problem: t.said(tls.problem ?? '') })}</dd>
      <dt>{t('timeline.connection')}</dt>
      <dd>
        {connection},{' '}
        {openedBy === id ? (
          t('timeline.openedForThis')
        ) : openedBy === 0 ? (
          t('timeline.openedForUnknown')
        ) : (
          <Rich
            of="timeline.openedFor"
            with={{
              request: (
                <button type="button" className="link-button" onClick={() => ui.setState({ selectedId: openedBy })}>
                  {t('timeline.requestNumber', { id: openedBy })}
                </button>
              ),
            }}
          />
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
  const t = useT();
  const { subject, issuer, names, validFrom, validTo, serial, fingerprint } = certificate;
  return (
    <details className="certificate" open={open}>
      <summary>
        <RawText text={subject === '' ? (names[0] ?? serial) : subject} limit={300} />
      </summary>
      <dl className="facts">
        <dt>{t('timeline.issuer')}</dt>
        <dd>
          <RawText text={issuer} limit={300} />
        </dd>
        {names.length > 0 && (
          <>
            <dt>{t('timeline.names')}</dt>
            <dd>
              <RawText text={names.join(', ')} limit={2000} />
            </dd>
          </>
        )}
        <dt>{t('timeline.valid')}</dt>
        <dd>{t('timeline.validTimes', { from: formatDateTime(validFrom), to: formatDateTime(validTo) })}</dd>
        <dt>{t('timeline.serial')}</dt>
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
