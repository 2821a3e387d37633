import type { ReactElement } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { CheckRow } from '../common/form-rows.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { LineEditor } from './line-editor.tsx';
import { RowEditor } from './row-editor.tsx';

/** TLS on both sides: what is looked into, and who is believed. */
export function TrustSection({ settings }: { readonly settings: Settings }): ReactElement {
  const t = useT();
  const { changeSettings } = useInspector();
  const { tls, originTls } = settings;
  return (
    <section className="rules-section">
      <header className="rules-head">
        <h2>TLS</h2>
      </header>
      <CheckRow
        label={t('routing.lookIntoTls')}
        note={t('routing.lookIntoTlsNote')}
        on={tls.intercept}
        onChange={(intercept) => void changeSettings({ tls: { intercept } })}
      />
      <LineEditor
        label={t('routing.leftAlone')}
        note={t('routing.leftAloneNote')}
        placeholder="*.bank.example"
        saved={tls.passthrough}
        patchOf={(passthrough) => ({ tls: { passthrough } })}
      />
      <LineEditor
        label={t('routing.notVerified')}
        note={t('routing.notVerifiedNote')}
        placeholder="dev.example:8443"
        saved={originTls.insecureHosts}
        patchOf={(insecureHosts) => ({ originTls: { insecureHosts } })}
      />
      <LineEditor
        label={t('routing.authorities')}
        note={t('routing.authoritiesNote')}
        placeholder="/etc/ssl/company-ca.pem"
        saved={originTls.extraCaFiles}
        patchOf={(extraCaFiles) => ({ originTls: { extraCaFiles } })}
      />
      <RowEditor
        title={t('routing.clientCertificates')}
        note={t('routing.clientCertificatesNote')}
        noun="Certificate"
        columns={[
          { key: 'host', label: t('routing.host'), placeholder: 'api.example.com' },
          { key: 'file', label: t('routing.file'), placeholder: '/home/ann/client.p12' },
          { key: 'passphrase', label: t('routing.passphrase'), secret: true },
        ]}
        saved={originTls.clientCertificates.map(({ host, file, passphrase = '' }) => ({ host, file, passphrase }))}
        patchOf={(rows) => ({
          originTls: {
            clientCertificates: rows.map(({ host = '', file = '', passphrase = '' }) => ({
              ...{ host: host.trim(), file: file.trim() },
              ...(passphrase === '' ? {} : { passphrase }),
            })),
          },
        })}
      />
    </section>
  );
}
