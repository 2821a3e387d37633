import { Info, TriangleAlert } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import type { ExchangeView, MessageView } from '../../../shared/exchange-view.ts';
import { getHeader, joinedHeader } from '../../../shared/headers.ts';
import { bodyNature, parseContentType } from '../../format/media-type.ts';
import { formatBytes } from '../../format/units.ts';
import { useInspector, useSession } from '../inspector-context.tsx';
import { BodyView } from './body-view.tsx';
import type { BodyForm } from './body-view.tsx';
import { decodeBody, looksLikeText } from './decode-body.ts';
import type { DecodedBody } from './decode-body.ts';
import { FormSwitch } from './form-switch.tsx';
import { useBody } from './use-body.ts';

interface BodySectionProps {
  readonly view: ExchangeView;
  readonly side: 'request' | 'response';
  readonly message: MessageView;
}

const TRUNCATIONS = {
  cap: 'The capture stops at its limit; the rest passed through unrecorded.',
  backlog: 'Recording fell behind and left the rest of this body out.',
  aborted: 'The body broke off here.',
} as const;

/** A message's body: what of it was captured, in the form that suits it. */
export function BodySection({ view, side, message }: BodySectionProps): ReactElement {
  const total = side === 'request' ? view.requestBytes : view.responseBytes;
  const captured = message.body?.captured ?? 0;
  if (captured === 0) return <NoBody view={view} side={side} message={message} total={total} />;
  // A body that grew is read anew.
  return <CapturedBody key={captured} view={view} side={side} message={message} captured={captured} total={total} />;
}

function NoBody({ view, side, message, total }: BodySectionProps & { readonly total: number }): ReactElement {
  const level = useSession((state) => state.settings?.record.level);
  return (
    <div className="section">
      <h3 className="section-title">Body</h3>
      <p className="section-note">{noBodyReason(view, side, message, total, level)}</p>
    </div>
  );
}

function noBodyReason(
  view: ExchangeView,
  side: 'request' | 'response',
  message: MessageView,
  total: number,
  level: string | undefined,
): string {
  if (message.body?.truncated !== undefined) return TRUNCATIONS[message.body.truncated];
  if (total > 0 && view.end === undefined) return `Under way: ${formatBytes(total)} so far.`;
  if (view.end === undefined && side === 'response') return 'Nothing has arrived yet.';
  if (total > 0) return `${formatBytes(total)}, not captured${level === 'full' ? '' : ' at this recording level'}.`;
  return `This ${side} has no body.`;
}

interface CapturedBodyProps extends BodySectionProps {
  readonly captured: number;
  readonly total: number;
}

function CapturedBody({ view, side, message, captured, total }: CapturedBodyProps): ReactElement {
  const { api } = useInspector();
  const { bytes, loading, error, readMore } = useBody({ api, id: view.id, side, captured });
  const complete = bytes.length === captured && message.body?.truncated === undefined;
  const decoded = useDecoded(bytes, joinedHeader(message.headers, 'content-encoding'), complete);
  const { type, charset } = parseContentType(getHeader(message.headers, 'content-type'));
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
        captured={captured}
        total={total}
        loading={loading}
        truncated={message.body?.truncated}
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
  readonly captured: number;
  readonly total: number;
  readonly loading: boolean;
  readonly truncated: keyof typeof TRUNCATIONS | undefined;
  readonly onMore: () => void;
}

/** What follows after the part that is shown: more to read, or the reason why there is no more. */
function BodyEnd({ read, captured, total, loading, truncated, onMore }: BodyEndProps): ReactElement | null {
  if (read < captured) {
    return (
      <p className="body-end">
        <button type="button" className="button" disabled={loading} onClick={onMore}>
          {loading ? 'Reading…' : 'Load more'}
        </button>
        <span className="section-note">
          {formatBytes(read)} of {formatBytes(captured)} shown
        </span>
      </p>
    );
  }
  if (truncated === undefined) return null;
  return (
    <BodyNote warn text={`${formatBytes(captured)} of ${formatBytes(total)} captured. ${TRUNCATIONS[truncated]}`} />
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
