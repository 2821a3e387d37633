import { FieldNames, getHeader, isHeaderName, withoutHeaders } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { EditedRequest } from '../../../shared/resend-contract.ts';
import type { EditedResponse, ReleaseOrder } from '../../../shared/rules-contract.ts';
import type { HeldStage } from '../../../shared/trace-event.ts';
import type { RequestBody, RequestHead } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import type { TargetUrl } from '../http/request-target.ts';
import { formatUrl, parseUrl } from '../http/request-target.ts';
import { reasonPhrase } from '../http/reason-phrases.ts';
import type { HeldBytes } from './held-message.ts';
import { unframed } from './own-reply.ts';

/** What no longer holds of a message whose body was replaced. */
const OF_BODY = new FieldNames(['content-length', 'transfer-encoding', 'content-encoding', 'expect']);
/** What frames a message. */
const FRAMING = new FieldNames(['content-length', 'transfer-encoding']);

/** What is wrong with an order for a held message, in a sentence; undefined when it can be carried out. */
export function orderProblem(order: ReleaseOrder, stage: HeldStage, { upgrade }: RequestHead): string | undefined {
  if (order.type === 'abort') return undefined;
  if (order.type === 'answer') {
    if (upgrade !== undefined) return 'Only its server can answer a request to switch protocols.';
    return stage === 'request' ? undefined : 'It was sent to its server already: edit the response instead.';
  }
  if (order.response !== undefined && stage === 'request') return 'There is no response yet that could be edited.';
  if (order.request === undefined) return undefined;
  if (stage === 'response') return 'The request was sent already.';
  const { method, url } = order.request;
  if (method === 'CONNECT') return 'A request cannot become a tunnel.';
  if (upgrade !== undefined && method !== 'GET') return 'A request to switch protocols stays a GET.';
  return parseUrl(url) === undefined ? 'Its URL is not one that can be asked for.' : undefined;
}

/** The URL that an edited request asks for; undefined while that is still the same. */
export function editedUrl(edited: EditedRequest, before: RequestHead): TargetUrl | undefined {
  return edited.url === formatUrl(before.url) ? undefined : parseUrl(edited.url);
}

/** The head of a request for another URL: its target in the form it came in (RFC 9112 §3.2), and its Host (RFC 9110 §7.2). */
export function movedTo(request: RequestHead, url: TargetUrl): RequestHead {
  const target = /^[/*]/.test(request.target) ? url.path : formatUrl(url);
  const headers = request.headers.map((text, i) =>
    i % 2 === 1 && isHeaderName(request.headers[i - 1] as string, 'host') ? url.authority : text,
  );
  return { ...request, target, url, headers };
}

/** The head with what a person edited of it, but for its URL. @param length of its body; undefined without one, or when nobody knows */
export function editedHead(
  request: RequestHead,
  { method, headers, body }: EditedRequest,
  length: number | undefined,
): RequestHead {
  const fields = withoutHeaders(headers, body === 'recorded' ? FRAMING : OF_BODY);
  const framing = length === undefined ? [] : ['Content-Length', String(length)];
  return { ...request, method, headers: [...fields, ...framing] };
}

/** A text as the body of a request. */
export function textBody(text: string): RequestBody {
  const bytes = Buffer.from(text, 'utf8');
  return { length: bytes.length, stream: once(bytes), trailers: () => [] };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield await Promise.resolve(bytes);
}

/** A reply with what a person edited of it. @param kept its body as it came */
export function editedReply(reply: Reply, edited: EditedResponse, kept: HeldBytes): Reply {
  const { status, headers, body } = edited;
  const { memo: _memo, trailers, ...rest } = reply;
  const reason = status === reply.status ? reply.reason : reasonPhrase(status);
  if (body === 'kept') {
    const fields = likeBefore(unframed(headers), reply.headers);
    return { ...rest, ...(trailers && { trailers }), status, reason, headers: fields, body: kept };
  }
  const fields = body === 'none' ? unframed(headers) : withoutHeaders(unframed(headers), OF_BODY);
  return { ...rest, status, reason, headers: fields, body: body === 'none' ? null : Buffer.from(body.text, 'utf8') };
}

/** With the length that the body has, if that was told. */
function likeBefore(fields: string[], before: HeaderList): HeaderList {
  const length = getHeader(before, 'content-length');
  return length === undefined ? fields : [...fields, 'Content-Length', length];
}
