import { CircleSlash2, EyeOff, Hourglass } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ExchangeView, MessageView } from '../../../shared/exchange-view.ts';
import { headerPairs } from '../../../shared/headers.ts';
import { formatDuration } from '../../format/units.ts';
import { statusClass } from '../common/labels.tsx';
import { EmptyState } from '../common/empty-state.tsx';
import { RawText } from '../common/raw-text.tsx';
import { visibleText } from '../../format/visible-text.ts';
import { useT } from '../inspector-context.tsx';
import { queryParameters, requestCookies, responseCookies } from './cookies.ts';
import { NamedValues } from './named-values.tsx';
import { BodySection } from './body-section.tsx';
import { HeadersTable } from './headers-table.tsx';
import './message.css';

/** Responses are shown in the form that all versions can be read in. */
const HTTP_VERSION = 'HTTP/1.1';

interface MessageTabProps {
  readonly view: ExchangeView;
  readonly side: 'request' | 'response';
}

/** The request or the response: its first line, header fields, body and trailer fields. */
export function MessageTab({ view, side }: MessageTabProps): ReactElement {
  const t = useT();
  const message: MessageView | undefined = view[side];
  if (message === undefined) return <NoResponse view={view} />;
  const { trailers } = message;
  return (
    <>
      <div className="section">
        <p className="start-line">{side === 'request' ? <RequestLine view={view} /> : <StatusLine view={view} />}</p>
        {side === 'response' && view.informational.length > 0 && <InterimResponses view={view} />}
        <MessageHeaders view={view} side={side} message={message} />
        {side === 'request' ? (
          <>
            <NamedValues title={t('message.query')} values={queryParameters(view.target ?? view.url)} />
            <NamedValues title={t('message.cookies')} values={requestCookies(message.headers)} />
          </>
        ) : (
          <NamedValues title={t('message.cookiesSet')} values={responseCookies(message.headers)} />
        )}
      </div>
      {trailers !== undefined && trailers.length > 0 && (
        <div className="section">
          <HeadersTable title={t('message.trailers')} headers={trailers} />
        </div>
      )}
      <BodySection view={view} side={side} message={message} />
    </>
  );
}

/**
 * The fields on the side where the message began, with what became of each on the way: a request as the client sent it, a
 * response as the origin did. An answer that did not become the response has a table of its own.
 */
function MessageHeaders({ view, side, message }: MessageTabProps & { readonly message: MessageView }): ReactElement {
  const t = useT();
  const { upstreamRequest, upstreamResponse } = view;
  if (side === 'request' && view.kind === 'malformed' && message.headers.length === 0) {
    return <p className="section-note">{t('message.fieldsUnread')}</p>;
  }
  if (side === 'request') {
    return <HeadersTable title={t('message.headers')} headers={message.headers} behind={upstreamRequest?.headers} />;
  }
  if (upstreamResponse === undefined) return <HeadersTable title={t('message.headers')} headers={message.headers} />;
  if (view.from === 'upstream' && upstreamResponse.status === view.status) {
    return <HeadersTable title={t('message.headers')} headers={upstreamResponse.headers} behind={message.headers} />;
  }
  return (
    <>
      <HeadersTable title={t('message.headers')} headers={message.headers} />
      <HeadersTable
        title={t('message.originAnswer', {
          status: `${upstreamResponse.status} ${visibleText(upstreamResponse.reason)}`.trim(),
        })}
        headers={upstreamResponse.headers}
      />
    </>
  );
}

function NoResponse({ view }: { readonly view: ExchangeView }): ReactElement {
  const t = useT();
  if (view.end === undefined) {
    return (
      <EmptyState icon={<Hourglass className="icon" />} title={t('message.noResponseYet')}>
        <p>{t('message.noResponseYetNote')}</p>
      </EmptyState>
    );
  }
  if (view.kind === 'tunnel') {
    return (
      <EmptyState icon={<EyeOff className="icon" />} title={t('message.tunnelled')}>
        <p>{t('message.tunnelledNote')}</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<CircleSlash2 className="icon" />} title={t('message.noResponse')}>
      <p>{t('message.noResponseNote')}</p>
    </EmptyState>
  );
}

function RequestLine({ view }: { readonly view: ExchangeView }): ReactElement {
  return (
    <>
      <span className="method" data-method={view.method}>
        <RawText text={view.method} limit={100} />
      </span>{' '}
      <RawText text={view.target ?? view.url} limit={4000} /> <span className="start-line-version">{view.version}</span>
    </>
  );
}

function StatusLine({ view }: { readonly view: ExchangeView }): ReactElement {
  return (
    <>
      <span className="start-line-version">{HTTP_VERSION}</span>{' '}
      <span className="status" data-class={statusClass(view)}>
        {view.status}
      </span>{' '}
      <RawText text={view.response?.reason ?? ''} limit={300} />
    </>
  );
}

function InterimResponses({ view }: { readonly view: ExchangeView }): ReactElement {
  const t = useT();
  return (
    <ul className="interim">
      {view.informational.map(({ at, status, headers }) => (
        <li key={at}>
          <span className="status" data-class="1">
            {status}
          </span>{' '}
          <span className="section-note">{t('message.interim', { time: formatDuration(at - view.start) })}</span>
          {[...headerPairs(headers)].map(([name, value], place) => (
            <div key={place} className="interim-field">
              <RawText text={`${name}: ${value}`} limit={2000} />
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}
