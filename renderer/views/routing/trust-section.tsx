import type { ReactElement } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { CheckRow } from '../common/form-rows.tsx';
import { useInspector } from '../inspector-context.tsx';
import { LineEditor } from './line-editor.tsx';
import { RowEditor } from './row-editor.tsx';

/** TLS on both sides: what is looked into, and who is believed. */
export function TrustSection({ settings }: { readonly settings: Settings }): ReactElement {
  const { changeSettings } = useInspector();
  const { tls, originTls } = settings;
  return (
    <section className="rules-section">
      <header className="rules-head">
        <h2>TLS</h2>
      </header>
      <CheckRow
        label="Look into TLS"
        note="Clients that trust Hopscope's authority get its certificates, and their requests can be inspected and cached."
        on={tls.intercept}
        onChange={(intercept) => void changeSettings({ tls: { intercept } })}
      />
      <LineEditor
        label="Hosts left alone"
        note="One a line. Their TLS passes as it is: clients that pin certificates, and what nobody should look into."
        placeholder="*.bank.example"
        saved={tls.passthrough}
        patchOf={(passthrough) => ({ tls: { passthrough } })}
      />
      <LineEditor
        label="Hosts not verified"
        note="One a line. Whatever certificate they show is taken; the timeline says what is wrong with it."
        placeholder="dev.example:8443"
        saved={originTls.insecureHosts}
        patchOf={(insecureHosts) => ({ originTls: { insecureHosts } })}
      />
      <LineEditor
        label="Further authorities"
        note="Paths of PEM files, one a line, trusted besides the usual ones."
        placeholder="/etc/ssl/company-ca.pem"
        saved={originTls.extraCaFiles}
        patchOf={(extraCaFiles) => ({ originTls: { extraCaFiles } })}
      />
      <RowEditor
        title="Client certificates"
        note="Shown to hosts that ask for one: a PEM file with certificate and key, or PKCS #12 (.p12, .pfx)."
        noun="certificate"
        columns={[
          { key: 'host', label: 'Host', placeholder: 'api.example.com' },
          { key: 'file', label: 'File', placeholder: '/home/ann/client.p12' },
          { key: 'passphrase', label: 'Passphrase', secret: true },
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
