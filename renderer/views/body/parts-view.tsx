import { useMemo } from 'react';
import type { ReactElement } from 'react';
import { formatBytes } from '../../format/units.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useT } from '../inspector-context.tsx';
import { multipartParts, urlEncodedParts } from './form-parts.ts';
import type { FormPart } from './form-parts.ts';

interface PartsViewProps {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly text: string;
  /** The whole Content-Type, with its boundary. */
  readonly contentType: string;
}

/** The fields of a form, or the parts of a multipart body. */
export function PartsView({ bytes, text, contentType }: PartsViewProps): ReactElement {
  const t = useT();
  const parts = useMemo(
    () => (/^\s*multipart\//i.test(contentType) ? multipartParts(bytes, contentType) : urlEncodedParts(text)),
    [bytes, text, contentType],
  );
  if (parts === undefined) {
    return <p className="section-note">{t('body.noBoundary')}</p>;
  }
  return (
    <div className="fields" role="table" aria-label={t('body.fields')}>
      {parts.map((part, place) => (
        <PartLine key={place} part={part} />
      ))}
    </div>
  );
}

function PartLine({ part }: { readonly part: FormPart }): ReactElement {
  const t = useT();
  const { name, value, text, headers, fileName, bytes } = part;
  return (
    <div className="field-line" role="row">
      <span className="field-name" role="rowheader">
        <RawText text={name === '' ? t('body.noName') : name} limit={500} />
      </span>
      <span className="field-value" role="cell">
        {fileName !== undefined && (
          <span className="part-file">
            <RawText text={fileName} limit={300} /> · {formatBytes(bytes)}
          </span>
        )}
        {headers
          .filter(([header]) => header.toLowerCase() !== 'content-disposition')
          .map(([header, field]) => (
            <span key={header} className="part-header">
              <RawText text={`${header}: ${field}`} limit={500} />
            </span>
          ))}
        {text ? (
          <RawText text={value} limit={2_000} />
        ) : (
          <span className="section-note">{t('body.binary', { size: formatBytes(bytes) })}</span>
        )}
      </span>
      <span className="field-copy" role="cell">
        <CopyButton text={value} label={t('message.copyValueOf', { name })} size="small" />
      </span>
    </div>
  );
}
