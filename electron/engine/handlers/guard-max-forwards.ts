import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, getHeader, isHeaderName, withoutHeaders } from '../../../shared/headers.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { formatFields } from '../http/response-head.ts';

/** What a TRACE must not show to whoever made somebody send it (RFC 9110 §9.3.8). */
const SECRET = new FieldNames(['authorization', 'cookie', 'proxy-authorization']);

/**
 * Counts a TRACE or OPTIONS request's Max-Forwards down (RFC 9110 §7.6.2). Where none are left the answer comes from here and
 * is returned.
 */
export function countForwards(x: Exchange): Reply | undefined {
  const { method, headers } = x.request;
  if (method !== 'TRACE' && method !== 'OPTIONS') return undefined;
  const field = getHeader(headers, 'max-forwards');
  if (field === undefined || !/^\d{1,9}$/.test(field)) return undefined;
  const left = Number(field);
  if (left === 0)
    return method === 'TRACE'
      ? traced(x)
      : answer(['Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE'], null);
  const forwarded = [...(x.forwardHeaders ?? headers)];
  for (let i = 0; i < forwarded.length; i += 2) {
    if (isHeaderName(forwarded[i] as string, 'max-forwards')) forwarded[i + 1] = String(left - 1);
  }
  x.forwardHeaders = forwarded;
  return undefined;
}

/** The request as it arrived here. */
function traced({ request }: Exchange): Reply {
  const { method, target, version, headers } = request;
  const head = `${method} ${target} HTTP/${version}\r\n${formatFields(withoutHeaders(headers, SECRET))}\r\n`;
  return answer(['Content-Type', 'message/http'], Buffer.from(head, 'latin1'));
}

function answer(headers: HeaderList, body: Uint8Array | null): Reply {
  return { status: 200, reason: 'OK', headers: [...headers, 'Date', new Date().toUTCString()], body, from: 'hopscope' };
}
