import { CircleSlash2, EyeOff, Hourglass } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ExchangeView, MessageView } from '../../../shared/exchange-view.ts';
import { headerPairs } from '../../../shared/headers.ts';
import { formatDuration } from '../../format/units.ts';
import { statusClass } from '../common/labels.tsx';
import { EmptyState } from '../common/empty-state.tsx';
import { RawText } from '../common/raw-text.tsx';
import { visibleText } from '../../format/visible-text.ts';
import { queryParameters, requestCookies, responseCookies } from './cookies.ts';
import { NamedValues } from './named-values.tsx';
import { BodySection } from './body-section.tsx';
import { HeadersTable } from './headers-table.tsx';
import './message.css';

interface MessageTabProps {
  readonly view: ExchangeView;
  readonly side: 'request' | 'response';
}

/** The request or the response: its first line, header fields, body and trailer fields. */
export function MessageTab({ view, side }: MessageTabProps): ReactElement {
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
            <NamedValues title="Query" values={queryParameters(view.target ?? view.url)} />
            <NamedValues title="Cookies" values={requestCookies(message.headers)} />
          </>
        ) : (
          <NamedValues title="Cookies set" values={responseCookies(message.headers)} />
        )}
      </div>
      {trailers !== undefined && trailers.length > 0 && (
        <div className="section">
          <HeadersTable title="Trailers" headers={trailers} />
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
  const { upstreamRequest, upstreamResponse } = view;
  if (side === 'request') {
    return <HeadersTable title="Headers" headers={message.headers} behind={upstreamRequest?.headers} />;
  }
  if (upstreamResponse === undefined) return <HeadersTable title="Headers" headers={message.headers} />;
  if (view.from === 'upstream' && upstreamResponse.status === view.status) {
    return <HeadersTable title="Headers" headers={upstreamResponse.headers} behind={message.headers} />;
  }
  return (
    <>
      <HeadersTable title="Headers" headers={message.headers} />
      <HeadersTable
        title={`The origin's answer, ${upstreamResponse.status} ${visibleText(upstreamResponse.reason)}`}
        headers={upstreamResponse.headers}
      />
    </>
  );
}

function NoResponse({ view }: { readonly view: ExchangeView }): ReactElement {
  if (view.end === undefined) {
    return (
      <EmptyState icon={<Hourglass className="icon" />} title="No response yet">
        <p>The request is still under way. The response shows here as soon as its head is known.</p>
      </EmptyState>
    );
  }
  if (view.kind === 'tunnel') {
    return (
      <EmptyState icon={<EyeOff className="icon" />} title="Tunnelled: not inspectable">
        <p>The client asked for a tunnel and the bytes in it passed unread.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<CircleSlash2 className="icon" />} title="There was no response">
      <p>The timeline says how the exchange ended.</p>
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
      <span className="start-line-version">HTTP/1.1</span>{' '}
      <span className="status" data-class={statusClass(view)}>
        {view.status}
      </span>{' '}
      <RawText text={view.response?.reason ?? ''} limit={300} />
    </>
  );
}

function InterimResponses({ view }: { readonly view: ExchangeView }): ReactElement {
  return (
    <ul className="interim">
      {view.informational.map(({ at, status, headers }) => (
        <li key={at}>
          <span className="status" data-class="1">
            {status}
          </span>{' '}
          <span className="section-note">interim response after {formatDuration(at - view.start)}</span>
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
