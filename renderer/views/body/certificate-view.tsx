import 'reflect-metadata';
import { SubjectAlternativeNameExtension, X509Certificate } from '@peculiar/x509';
import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { formatDateTime } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';
import { RawText } from '../common/raw-text.tsx';
import { useT } from '../inspector-context.tsx';

/** What is said of one certificate, in order; a sentence when it cannot be read. */
type Facts = readonly (readonly [name: string, value: string])[] | string;

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM or DER body. */
export function CertificateView({ bytes }: { readonly bytes: Uint8Array<ArrayBuffer> }): ReactElement | null {
  const t = useT();
  const [all, setAll] = useState<readonly Facts[]>();
  useEffect(() => {
    let wanted = true;
    const text = new TextDecoder('latin1').decode(bytes);
    const sources = text.includes('-----BEGIN') ? (text.match(PEM) ?? []) : [bytes];
    void Promise.all(sources.map((source) => factsOf(t, source))).then((facts) => {
      if (wanted) setAll(facts);
    });
    return () => {
      wanted = false;
    };
  }, [t, bytes]);
  if (all === undefined) return null;
  if (all.length === 0) return <p className="section-note">{t('body.noCertificate')}</p>;
  return (
    <>
      {all.map((facts, place) =>
        typeof facts === 'string' ? (
          <p key={place} className="section-note">
            {facts}
          </p>
        ) : (
          <dl key={place} className="facts certificate-facts">
            {facts.map(([name, value]) => (
              <div key={name} className="certificate-fact">
                <dt>{name}</dt>
                <dd>
                  <RawText text={value} limit={3_000} />
                </dd>
              </div>
            ))}
          </dl>
        ),
      )}
    </>
  );
}

async function factsOf(t: Translate, source: string | Uint8Array<ArrayBuffer>): Promise<Facts> {
  try {
    const certificate = new X509Certificate(source);
    const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
    const hash = new Uint8Array(await certificate.getThumbprint('SHA-256'));
    return [
      [t('body.subject'), certificate.subject],
      [t('body.issuer'), certificate.issuer === certificate.subject ? t('body.issuedByItself') : certificate.issuer],
      [t('body.names'), names.map(({ type, value }) => `${type}:${value}`).join(', ') || t('body.none')],
      [t('body.validFrom'), formatDateTime(certificate.notBefore.getTime())],
      [t('body.validUntil'), formatDateTime(certificate.notAfter.getTime())],
      [t('body.serial'), certificate.serialNumber],
      [t('body.publicKey'), keyWords(certificate)],
      ['SHA-256', [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join(':')],
    ];
  } catch (error) {
    return t('body.unreadableCertificate', { problem: error instanceof Error ? error.message : String(error) });
  }
}

function keyWords({ publicKey }: X509Certificate): string {
  const { name, modulusLength, namedCurve } = publicKey.algorithm as Partial<RsaHashedKeyAlgorithm & EcKeyAlgorithm>;
  return [name, namedCurve ?? (modulusLength === undefined ? undefined : `${modulusLength} bit`)]
    .filter((word) => word !== undefined)
    .join(', ');
}
