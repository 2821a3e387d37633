import type { Reply } from '../chain/reply.ts';
import type { ExchangeError } from '../errors.ts';
import { reasonPhrase } from '../http/reason-phrases.ts';

/** The response that tells a client of an error: its code and one sentence, as plain text (it may quote hostile input). */
export function errorReply(error: ExchangeError): Reply {
  const body = Buffer.from(`Hopscope: ${error.message}\n\nCode: ${error.code}\nPhase: ${error.phase}\n`);
  return {
    status: error.status,
    reason: reasonPhrase(error.status),
    headers: [
      ...(CHALLENGES[error.status] ?? []),
      ...['Content-Type', 'text/plain; charset=utf-8', 'Content-Length', String(body.length)],
      ...['Cache-Control', 'no-store', 'X-Hopscope-Error', error.code, 'Date', new Date().toUTCString()],
    ],
    body,
    from: 'hopscope',
  };
}

/** RFC 9110 §11.7.1 and §11.6.1, RFC 7617 §2.1. */
const CHALLENGES: Readonly<Record<number, readonly string[]>> = {
  401: ['WWW-Authenticate', 'Basic realm="Hopscope", charset="UTF-8"'],
  407: ['Proxy-Authenticate', 'Basic realm="Hopscope", charset="UTF-8"'],
  429: ['Retry-After', '60'],
};
