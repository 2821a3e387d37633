import { useMemo } from 'react';
import type { ReactElement } from 'react';
import type { ExchangeView, MessageView } from '../../../shared/exchange-view.ts';
import { formatBytes } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';
import { TRUNCATIONS } from '../body/body-notes.tsx';
import { BodyPanel } from '../body/body-panel.tsx';
import { useSession, useT } from '../inspector-context.tsx';
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
  const t = useT();
  const level = useSession((state) => state.settings?.record.level);
  return (
    <>
      <div className="section">
        <h3 className="section-title">{t('body.body')}</h3>
        <p className="section-note">{noBodyReason(t, view, side, message, total, level)}</p>
      </div>
      {side === 'response' && view.status === 304 && <StoredBody view={view} />}
    </>
  );
}

function noBodyReason(
  t: Translate,
  view: ExchangeView,
  side: 'request' | 'response',
  message: MessageView,
  total: number,
  level: string | undefined,
): string {
  if (message.body?.truncated !== undefined) return t(TRUNCATIONS[message.body.truncated]);
  if (total > 0 && view.end === undefined) return t('message.underWay', { size: formatBytes(total) });
  if (view.end === undefined && side === 'response') return t('message.nothingYet');
  if (total > 0) {
    const size = formatBytes(total);
    return level === 'full' ? t('message.notCaptured', { size }) : t('message.notCapturedAtLevel', { size });
  }
  return t(side === 'request' ? 'message.requestNoBody' : 'message.responseNoBody');
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
