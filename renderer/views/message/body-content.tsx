import { Info, TriangleAlert } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import { getHeader, joinedHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { bodyNature, parseContentType } from '../../format/media-type.ts';
import { formatBytes } from '../../format/units.ts';
import { BodyView } from './body-view.tsx';
import type { BodyForm } from './body-view.tsx';
import { decodeBody, looksLikeText } from './decode-body.ts';
import type { DecodedBody } from './decode-body.ts';
import { FormSwitch } from './form-switch.tsx';
import { useBody } from './use-body.ts';
import type { ReadBody } from './use-body.ts';
import './message.css';

/** Why less of a body is here than there was. */
export const TRUNCATIONS = {
  cap: 'The capture stops at its limit; the rest passed through unrecorded.',
  backlog: 'Recording fell behind and left the rest of this body out.',
  aborted: 'The body broke off here.',
} as const;

interface BodyContentProps {
  readonly read: ReadBody;
  /** Bytes that can be read. */
  readonly available: number;
  /** Bytes that the body had. */
  readonly total: number;
  /** The fields of its message. */
  readonly headers: HeaderList;
  readonly truncated?: keyof typeof TRUNCATIONS | undefined;
}

/** A body that is kept somewhere, read by range and shown in the form that suits it. */
export function BodyContent({ read, available, total, headers, truncated }: BodyContentProps): ReactElement {
  const { bytes, loading, error, readMore } = useBody(read, available);
  const complete = bytes.length === available && truncated === undefined;
  const decoded = useDecoded(bytes, joinedHeader(headers, 'content-encoding'), complete);
  const { type, charset } = parseContentType(getHeader(headers, 'content-type'));
  const [picked, setPicked] = useState<BodyForm>();
  const forms = useMemo(() => formsFor(type, decoded), [type, decoded]);
  const form = picked !== undefined && forms.includes(picked) ? picked : forms[0];
  return (
    <div className="section">
      <h3 className="section-title">
        Body
        <span className="section-note">
          {formatBytes(total)}
          {type !== '' && ` · ${type}`}
          {decoded !== undefined &&
            !decoded.coded &&
            decoded.bytes !== bytes &&
            ` · ${formatBytes(decoded.bytes.length)} decoded`}
        </span>
        {form !== undefined && (
          <span className="section-actions">
            <FormSwitch forms={forms} form={form} onChange={setPicked} />
          </span>
        )}
      </h3>
      {decoded?.note !== undefined && <BodyNote text={decoded.note} />}
      {decoded !== undefined && form !== undefined && (
        <BodyView form={form} bytes={decoded.bytes} type={type} charset={charset} complete={complete} />
      )}
      {error !== undefined && <BodyNote text={error} warn />}
      <BodyEnd
        read={bytes.length}
        available={available}
        total={total}
        loading={loading}
        truncated={truncated}
        onMore={readMore}
      />
    </div>
  );
}

function BodyNote({ text, warn = false }: { readonly text: string; readonly warn?: boolean }): ReactElement {
  return (
    <p className="callout body-note" data-tone={warn ? 'warn' : undefined}>
      {warn ? <TriangleAlert className="icon" /> : <Info className="icon" />}
      <span>{text}</span>
    </p>
  );
}

interface BodyEndProps {
  readonly read: number;
  readonly available: number;
  readonly total: number;
  readonly loading: boolean;
  readonly truncated: keyof typeof TRUNCATIONS | undefined;
  readonly onMore: () => void;
}

/** What follows after the part that is shown: more to read, or the reason why there is no more. */
function BodyEnd({ read, available, total, loading, truncated, onMore }: BodyEndProps): ReactElement | null {
  if (read < available) {
    return (
      <p className="body-end">
        <button type="button" className="button" disabled={loading} onClick={onMore}>
          {loading ? 'Reading…' : 'Load more'}
        </button>
        <span className="section-note">
          {formatBytes(read)} of {formatBytes(available)} shown
        </span>
      </p>
    );
  }
  if (truncated === undefined) return null;
  return (
    <BodyNote warn text={`${formatBytes(available)} of ${formatBytes(total)} captured. ${TRUNCATIONS[truncated]}`} />
  );
}

/** The body without content codings; `undefined` while that is being worked out. */
function useDecoded(
  bytes: Uint8Array<ArrayBuffer>,
  contentEncoding: string | undefined,
  complete: boolean,
): DecodedBody | undefined {
  const [decoded, setDecoded] = useState<DecodedBody>();
  useEffect(() => {
    if (bytes.length === 0) return;
    let wanted = true;
    void decodeBody(bytes, contentEncoding, complete).then((result) => {
      if (wanted) setDecoded(result);
    });
    return () => {
      wanted = false;
    };
  }, [bytes, contentEncoding, complete]);
  return decoded;
}

/** The forms a body can be shown in, the fitting one first. */
function formsFor(type: string, decoded: DecodedBody | undefined): readonly BodyForm[] {
  if (decoded === undefined) return [];
  if (decoded.coded) return ['hex'];
  const nature = bodyNature(type);
  if (nature === 'json') return ['pretty', 'text', 'hex'];
  if (nature === 'text') return ['text', 'hex'];
  if (nature === 'image') return ['image', 'hex'];
  return looksLikeText(decoded.bytes) ? ['text', 'hex'] : ['hex', 'text'];
}
