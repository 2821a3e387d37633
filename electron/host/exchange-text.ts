import type { ExchangeView } from '../../shared/exchange-view.ts';
import { bytesText } from './cache-text.ts';

/** Exchanges as text for a terminal and for other programs. @param epoch wall time (ms since 1970) of engine time zero */

/** A line with what the list shows: number, time, method, status, verdict, size, milliseconds and URL. */
export function exchangeLine(exchange: ExchangeView, epoch: number): string {
  const { id, start, end, method, status, outcome, verdict, responseBytes, url } = exchange;
  // An answer may break off, and still have had its status.
  const words = [status, outcome === undefined || outcome.kind === 'completed' ? undefined : outcome.kind];
  const ended = words.filter((word) => word !== undefined).join(' ') || '-';
  const cells = [
    ...[String(id).padStart(6), new Date(epoch + start).toISOString(), printable(method).padEnd(7)],
    ...[ended.padEnd(11), (verdict ?? '-').padEnd(11), bytesText(responseBytes).padStart(9)],
    ...[(end === undefined ? '-' : `${(end - start).toFixed(1)} ms`).padStart(11), printable(url)],
  ];
  return `${cells.join('  ')}\n`;
}

/** What the list knows of an exchange, with its fields and the cache's decision, on one line. Times are ISO 8601, durations milliseconds. */
export function exchangeJson(exchange: ExchangeView, epoch: number): string {
  const { id, kind, method, url, status, outcome, verdict, fwd, requestBytes, responseBytes, start, end } = exchange;
  const facts = {
    ...{ id, time: new Date(epoch + start).toISOString(), kind, method, url, status, verdict, fwd, outcome },
    ...{ duration: end === undefined ? undefined : end - start, requestBytes, responseBytes },
    ...{ rules: exchange.rules?.map(({ name }) => name) },
    ...{ requestHeaders: exchange.request.headers, responseHeaders: exchange.response?.headers },
    ...{ decision: exchange.decision },
  };
  return `${JSON.stringify(facts)}\n`;
}

/** What was captured, or stands in files, must not move the terminal's cursor, nor colour it. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** How many exchanges. */
export function countText(exchanges: number): string {
  return exchanges === 1 ? '1 exchange' : `${exchanges} exchanges`;
}
