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
      ...['Content-Type', 'text/plain; charset=utf-8', 'Content-Length', String(body.length)],
      ...['Cache-Control', 'no-store', 'X-Hopscope-Error', error.code, 'Date', new Date().toUTCString()],
    ],
    body,
    from: 'hopscope',
  };
}
