import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { FieldNames, getHeader, hasHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { isHidden, maskedField } from '../../../shared/masked-fields.ts';
import { NO_REQUEST } from '../../../shared/resend-contract.ts';
import type { EditedRequest } from '../../../shared/resend-contract.ts';
import { endToEndFields } from '../http/connection-fields.ts';
import { ResendError } from './resend-error.ts';

/** A request to be sent again, before it is known where to. */
export interface RequestAgain {
  readonly method: string;
  /** As it was recorded or edited: absolute, but for what has no host. */
  readonly url: string;
  /** Those that go from end to end; what frames the message is not among them. */
  readonly headers: HeaderList;
  /** `recorded` stands for all that was captured of it. */
  readonly body: 'recorded' | Uint8Array | null;
}

// The body is at hand, so its length is known and nothing need be expected (RFC 9110 §8.6, §10.1.1).
const WORKED_OUT = new FieldNames(['content-length', 'expect']);

/**
 * What to send when an exchange's request is to be sent again.
 * @throws {ResendError} when it cannot be, or not without what was never recorded
 */
export function requestAgain(view: ExchangeView, edited: EditedRequest | undefined): RequestAgain {
  if (view.kind !== 'http') throw new ResendError('NOT_RESENDABLE', NO_REQUEST[view.kind]);
  if (edited?.method === 'CONNECT') throw new ResendError('NOT_RESENDABLE', NO_REQUEST.tunnel);
  if (edited === undefined && view.target === undefined) {
    throw new ResendError('NOT_RESENDABLE', 'The fields of this request were not recorded.');
  }
  const headers = edited?.headers ?? view.request.headers;
  const masked = maskedField(headers);
  if (masked !== undefined) {
    throw new ResendError(
      'MASKED_FIELD',
      `The value of ${masked} was left out when this session was exported: edit the request to give it.`,
    );
  }
  const { method, url } = edited ?? view;
  return { method, url, headers: fieldsAgain(headers), body: bodyAgain(view, edited?.body ?? 'recorded') };
}

/** Without what was said to Hopscope, to this hop alone, or about where the body ended. */
function fieldsAgain(headers: HeaderList): HeaderList {
  const fields = endToEndFields(headers, WORKED_OUT);
  const kept: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const [name, value] = [fields[i] as string, fields[i + 1] as string];
    if (!isHidden(value)) kept.push(name, value);
  }
  // For one hop, but trailers pass through here, and gRPC cannot do without the wish (RFC 9110 §10.1.4).
  if (getHeader(headers, 'te')?.toLowerCase().includes('trailers') === true) kept.push('TE', 'trailers');
  return kept;
}

function bodyAgain(view: ExchangeView, wanted: EditedRequest['body']): RequestAgain['body'] {
  if (wanted === 'none') return null;
  if (wanted !== 'recorded') return Buffer.from(wanted.text, 'utf8');
  const { body, headers } = view.request;
  if (body?.truncated !== undefined) {
    throw new ResendError('BODY_NOT_KEPT', `Only the first ${body.captured} bytes of its body were recorded.`);
  }
  // HAR files keep bodies without their codings, and the fields that tell of them (HAR 1.2, postData).
  if (body !== undefined && view.session !== undefined && hasHeader(headers, 'content-encoding')) {
    throw new ResendError('BODY_NOT_KEPT', 'Its body comes from a file, where it may have lost its content codings.');
  }
  if (body !== undefined) return 'recorded';
  const announced = Number(getHeader(headers, 'content-length') ?? 0) > 0;
  if (view.end === undefined && (announced || hasHeader(headers, 'transfer-encoding'))) {
    throw new ResendError('BODY_NOT_KEPT', 'Its body has not arrived as a whole yet.');
  }
  if (announced || view.requestBytes > 0) throw new ResendError('BODY_NOT_KEPT', 'Its body was not recorded.');
  return null;
}
