import { joinedHeader } from '../../../shared/headers.ts';
import type { RequestHead } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import type { ExchangeError } from '../errors.ts';
import { formatUrl } from '../http/request-target.ts';
import { reasonPhrase } from '../http/reason-phrases.ts';
import { adviceFor } from './error-advice.ts';
import { ERROR_PAGE_POLICY, errorPage } from './error-page.ts';

/**
 * The response that tells a client of an error, and what to do about it: as a page for browsers, as plain text for
 * everyone else.
 */
export function errorReply(error: ExchangeError, request: Pick<RequestHead, 'url' | 'headers'>): Reply {
  const { code, phase, message, summary, detail, status } = error;
  const { url, headers } = request;
  const advice = adviceFor(code, url.hostname);
  const html = acceptsHtml(joinedHeader(headers, 'accept') ?? '');
  const body = Buffer.from(
    html
      ? errorPage({ summary, detail, advice, code, phase, url: url.authority === '' ? url.path : formatUrl(url) })
      : `Hopscope: ${message}\n${advice.map((sentence) => `\n${sentence}\n`).join('')}\nCode: ${code}\nPhase: ${phase}\n`,
  );
  return {
    status,
    reason: reasonPhrase(status),
    headers: [
      ...(CHALLENGES[status] ?? []),
      ...['Content-Type', html ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8'],
      ...['Content-Length', String(body.length)],
      ...(html ? ['Content-Security-Policy', ERROR_PAGE_POLICY] : []),
      ...['X-Content-Type-Options', 'nosniff'],
      ...['Cache-Control', 'no-store', 'X-Hopscope-Error', code, 'Date', new Date().toUTCString()],
    ],
    body,
    from: 'hopscope',
  };
}

/** Whether an Accept names HTML, and not to refuse it: a weight of 0 means "not acceptable" (RFC 9110 §12.4.2). */
function acceptsHtml(accept: string): boolean {
  const match = /(?:^|,)[ \t]*text\/html[ \t]*(?:;([^,]*))?(?:,|$)/i.exec(accept);
  return match !== null && !/(?:^|;)[ \t]*q=0(?:\.0*)?[ \t]*(?:;|$)/i.test(match[1] ?? '');
}

/** RFC 9110 §11.7.1 and §11.6.1, RFC 7617 §2.1. */
const CHALLENGES: Readonly<Record<number, readonly string[]>> = {
  401: ['WWW-Authenticate', 'Basic realm="Hopscope", charset="UTF-8"'],
  407: ['Proxy-Authenticate', 'Basic realm="Hopscope", charset="UTF-8"'],
  429: ['Retry-After', '60'],
};
