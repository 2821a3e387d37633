import type { ExchangeView } from '../../../shared/exchange-view.ts';

/** Says whether an exchange is one that carries messages: an open WebSocket or an event stream. */
export function hasMessages(view: ExchangeView): boolean {
  return isWebSocket(view) || view.messages !== undefined || view.contentType === 'text/event-stream';
}

/** Says whether an exchange has become a WebSocket. */
export function isWebSocket(view: Pick<ExchangeView, 'kind' | 'status'>): boolean {
  return view.kind === 'websocket' && view.status === 101;
}
