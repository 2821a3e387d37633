import { FieldNames, hasHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { RequestHead } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { endToEndFields } from '../http/connection-fields.ts';
import { formatHttpDate } from '../http/http-date.ts';
import { reasonPhrase } from '../http/reason-phrases.ts';
import { isBodiless } from '../http/response-head.ts';

const LENGTH = new FieldNames(['content-length']);

/** Fields that a person gave a response, without those that frame it or are for one hop. */
export function unframed(headers: HeaderList): string[] {
  return endToEndFields(headers, LENGTH);
}

/** A response of a rule's, or of a person's who answers what is held. Nobody keeps it unless its fields say so. */
export function ownReply(
  { method }: Pick<RequestHead, 'method'>,
  { status, headers, text }: { readonly status: number; readonly headers: HeaderList; readonly text: string },
): Reply {
  const fields = unframed(headers);
  const body = Buffer.from(text, 'utf8');
  // RFC 9110 §8.6: no length where there cannot be content, but for HEAD, whose length is that of the GET.
  if (!isBodiless('GET', status)) fields.push('Content-Length', String(body.length));
  if (!hasHeader(fields, 'cache-control')) fields.push('Cache-Control', 'no-store');
  if (!hasHeader(fields, 'date')) fields.push('Date', formatHttpDate(Date.now()));
  const bodiless = isBodiless(method, status);
  return { status, reason: reasonPhrase(status), headers: fields, body: bodiless ? null : body, from: 'hopscope' };
}
