import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { hasHeader, headerPairs } from '../../../shared/headers.ts';
import { isHidden, maskedField } from '../../../shared/masked-fields.ts';
import { MAX_EDITED_BODY } from '../../../shared/resend-contract.ts';
import type { EditedRequest, ResendOrder } from '../../../shared/resend-contract.ts';
import { fieldLines, parseFields } from '../../format/field-lines.ts';
import type { Translate } from '../../i18n/translate.ts';
import type { Made } from '../common/draft-form.tsx';

const BODY_KINDS = ['none', 'text', 'recorded'] as const;
export type BodyKind = (typeof BODY_KINDS)[number];

/** A body that is being edited. */
export interface BodyDraft {
  readonly body: BodyKind;
  readonly text: string;
}

/** A request that is being edited. */
export interface RequestDraft extends BodyDraft {
  readonly method: string;
  readonly url: string;
  /** One on each line. */
  readonly fields: string;
}

/** A request that is being edited to be sent again. */
export interface ResendDraft extends RequestDraft {
  readonly pastCache: boolean;
}

export type ResendErrors = Readonly<Partial<Record<'method' | 'url' | 'fields' | 'text', string>>>;

/**
 * What can be had of a recorded body: none was there, a text that can be edited, bytes that can only be sent as they are, or
 * why it cannot be sent as it was.
 */
export type RecordedBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string; readonly lineBreak: '\n' | '\r\n' }
  | { readonly kind: 'bytes'; readonly bytes: number; readonly why: 'long' | 'coded' | 'binary' }
  | { readonly kind: 'partial'; readonly bytes: number }
  | { readonly kind: 'missing' };

/** What is known of the body before it is read; undefined when reading it tells more. */
export function bodyBeforeReading(view: ExchangeView): RecordedBody | undefined {
  const { body, headers } = view.request;
  const bytes = body?.captured ?? 0;
  if (body?.truncated !== undefined) return { kind: 'partial', bytes };
  if (bytes === 0) return { kind: view.requestBytes > 0 ? 'missing' : 'none' };
  if (hasHeader(headers, 'content-encoding')) return { kind: 'bytes', bytes, why: 'coded' };
  return bytes > MAX_EDITED_BODY ? { kind: 'bytes', bytes, why: 'long' } : undefined;
}

/** What the bytes of a whole body are: a text only where editing gives back the very same bytes. */
export function bodyOfBytes(bytes: Uint8Array): RecordedBody {
  const binary = { kind: 'bytes', bytes: bytes.length, why: 'binary' } as const;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return binary;
  }
  return text.includes('\0') ? binary : (editableText(text) ?? binary);
}

/** A text for a field of text, which knows but one kind of line break: the other comes back when it is sent. Undefined for a mixture. */
export function editableText(text: string): Extract<RecordedBody, { kind: 'text' }> | undefined {
  if (!text.includes('\r')) return { kind: 'text', text, lineBreak: '\n' };
  const unix = text.replaceAll('\r\n', '\n');
  return unix.replaceAll('\n', '\r\n') === text ? { kind: 'text', text: unix, lineBreak: '\r\n' } : undefined;
}

/** What can be sent instead of a recorded body: that body itself only where all of it is there. */
export function kindsOf({ kind }: RecordedBody): readonly BodyKind[] {
  return BODY_KINDS.filter((other) => other !== 'recorded' || kind === 'text' || kind === 'bytes');
}

/** Worked out anew for each request, or of no meaning beyond one connection. */
const WORKED_OUT: ReadonlySet<string> = new Set([
  ...['host', 'content-length', 'transfer-encoding', 'expect', 'upgrade'],
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authorization'],
]);

/** The recorded request as it is first shown. */
export function draftOf(view: ExchangeView, body: RecordedBody): ResendDraft {
  const fields = [...headerPairs(view.request.headers)]
    .filter(([name, value]) => !WORKED_OUT.has(name.toLowerCase()) && !isHidden(value))
    .flat();
  return {
    ...{ method: view.method, url: view.url, fields: fieldLines(fields), pastCache: false },
    body: body.kind === 'text' ? 'text' : body.kind === 'bytes' ? 'recorded' : 'none',
    text: body.kind === 'text' ? body.text : '',
  };
}

/** What is to be sent, or what is wrong with the draft. */
export function orderOf(
  t: Translate,
  id: number,
  draft: ResendDraft,
  recorded: RecordedBody,
): Made<ResendOrder, ResendErrors> {
  const edited = editedRequest(t, draft, recorded);
  if ('errors' in edited) return edited;
  return { value: { id, edited: edited.value, pastCache: draft.pastCache } };
}

/** The request that the fields make, or what is wrong with them. */
export function editedRequest(
  t: Translate,
  draft: RequestDraft,
  recorded: RecordedBody,
): Made<EditedRequest, ResendErrors> {
  const errors: { method?: string; url?: string; fields?: string; text?: string } = {};
  const method = draft.method.trim();
  if (!/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(method)) errors.method = t('resend.noMethod');
  const url = urlOf(draft.url);
  if (url === undefined) errors.url = t(draft.url.trim() === '' ? 'resend.needsUrl' : 'resend.noUrl');
  const headers = parseFields(t, draft.fields);
  if (typeof headers === 'string') errors.fields = headers;
  else {
    const masked = maskedField(headers);
    if (masked !== undefined) errors.fields = t('resend.masked', { field: masked });
  }
  const tooLong = textProblem(t, draft);
  if (tooLong !== undefined) errors.text = tooLong;
  if (Object.keys(errors).length > 0 || url === undefined || typeof headers === 'string') return { errors };
  return { value: { method, url, headers, body: editedBody(draft, recorded) } };
}

/** What is wrong with a text as a body; undefined when nothing is, or another body is sent. */
export function textProblem(t: Translate, { body, text }: BodyDraft): string | undefined {
  return body === 'text' && text.length > MAX_EDITED_BODY ? t('resend.tooLong', { count: MAX_EDITED_BODY }) : undefined;
}

/** The body that was chosen, with the line breaks that it came with. */
export function editedBody({ body, text }: BodyDraft, recorded: RecordedBody): EditedRequest['body'] {
  if (body !== 'text') return body;
  const withBreaks = recorded.kind === 'text' ? text.replaceAll('\n', recorded.lineBreak) : text;
  return { text: withBreaks };
}

/** As it is sent: without a fragment, and spaces and other letters as URLs write them; undefined when it is no http URL. */
function urlOf(typed: string): string | undefined {
  const text = typed.trim().replace(/#.*$/s, '');
  if (/^https?:\/\/[^/?\s@]+[\x21-\x7e]*$/i.test(text) && !/[^\x21-\x7e]/.test(text)) return text;
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' ? url.href : undefined;
}
