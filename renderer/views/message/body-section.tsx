import { useMemo } from 'react';
import type { ReactElement } from 'react';
import type { ExchangeView, MessageView } from '../../../shared/exchange-view.ts';
import { formatBytes } from '../../format/units.ts';
import { TRUNCATIONS } from '../body/body-notes.tsx';
import { BodyPanel } from '../body/body-panel.tsx';
import { useSession } from '../inspector-context.tsx';
import { StoredBody } from './stored-body.tsx';

interface BodySectionProps {
  readonly view: ExchangeView;
  readonly side: 'request' | 'response';
  readonly message: MessageView;
}

/** A message's body: what of it was captured, in the form that suits it. */
export function BodySection({ view, side, message }: BodySectionProps): ReactElement {
  const total = side === 'request' ? view.requestBytes : view.responseBytes;
  const captured = message.body?.captured ?? 0;
  if (captured === 0) return <NoBody view={view} side={side} message={message} total={total} />;
  // A body that grew is read anew.
  return <CapturedBody key={captured} view={view} side={side} message={message} total={total} />;
}

function NoBody({ view, side, message, total }: BodySectionProps & { readonly total: number }): ReactElement {
  const level = useSession((state) => state.settings?.record.level);
  return (
    <>
      <div className="section">
        <h3 className="section-title">Body</h3>
        <p className="section-note">{noBodyReason(view, side, message, total, level)}</p>
      </div>
      {side === 'response' && view.status === 304 && <StoredBody view={view} />}
    </>
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
  readonly total: number;
}

function CapturedBody({ view, side, message, total }: CapturedBodyProps): ReactElement {
  const { id, url } = view;
  const source = useMemo(() => ({ exchange: id, side }), [id, side]);
  const { headers, body } = message;
  return <BodyPanel source={source} total={total} headers={headers} url={url} truncated={body?.truncated} />;
}
