import { FieldNames, withoutHeaders } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { EditedResponse, HeldBody, HeldMessage, ReleaseOrder } from '../../../shared/rules-contract.ts';
import type { EditedRequest } from '../../../shared/resend-contract.ts';
import { fieldLines, parseFields } from '../../format/field-lines.ts';
import { formatBytes } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';
import type { Made } from '../common/draft-form.tsx';
import { editableText, editedBody, editedRequest, textProblem } from '../resend/resend-draft.ts';
import type { BodyDraft, RecordedBody, RequestDraft, ResendErrors } from '../resend/resend-draft.ts';

export type HeldRequest = Extract<HeldMessage, { stage: 'request' }>;
export type HeldResponse = Extract<HeldMessage, { stage: 'response' }>;

/** A response that is being edited, or made up. */
export interface ResponseDraft extends BodyDraft {
  readonly status: string;
  /** One on each line. */
  readonly fields: string;
}

export type ResponseErrors = Readonly<Partial<Record<'status' | 'fields' | 'text', string>>>;

/** A held body in the terms of the form of a request. */
export function bodyOfHeld(body: HeldBody): RecordedBody {
  if (body.kind === 'none') return body;
  const text = body.kind === 'text' ? editableText(body.text) : undefined;
  if (text !== undefined) return text;
  const bytes = body.kind === 'text' ? new TextEncoder().encode(body.text).length : (body.bytes ?? 0);
  return { kind: 'bytes', bytes, why: 'binary' };
}

function bodyDraftOf(body: HeldBody): BodyDraft {
  const recorded = bodyOfHeld(body);
  if (recorded.kind === 'text') return { body: 'text', text: recorded.text };
  return { body: recorded.kind === 'bytes' ? 'recorded' : 'none', text: '' };
}

/** What follows from the body, and credentials that are for Hopscope alone. */
const NOT_EDITED = new FieldNames(['content-length', 'transfer-encoding', 'proxy-authorization']);

/** All fields that go on, one on each line. */
function heldFields(headers: HeaderList): string {
  return fieldLines(withoutHeaders(headers, NOT_EDITED));
}

/** The held request as it is first shown. */
export function requestDraft({ method, url, headers, body }: HeldRequest): RequestDraft {
  return { method, url, fields: heldFields(headers), ...bodyDraftOf(body) };
}

export function responseDraft({ status, headers, body }: HeldResponse): ResponseDraft {
  return { status: String(status), fields: heldFields(headers), ...bodyDraftOf(body) };
}

/** What is good to know of a body that passes on as it came; empty where it can be edited. */
export function keptNote(t: Translate, body: HeldBody): string {
  const recorded = bodyOfHeld(body);
  if (recorded.kind !== 'bytes') return '';
  return recorded.bytes === 0 ? t('held.kept') : t('held.keptSize', { size: formatBytes(recorded.bytes) });
}

/** An answer that nothing has been written of yet. */
export const NEW_ANSWER: ResponseDraft = {
  ...{ status: '200', fields: 'Content-Type: application/json', body: 'text', text: '' },
};

/** How a held request goes on: as it came when nothing of it was changed. */
export function continuedRequest(
  t: Translate,
  held: HeldRequest,
  draft: RequestDraft,
): Made<ReleaseOrder, ResendErrors> {
  if (isSame(draft, requestDraft(held))) return { value: { type: 'continue' } };
  const edited = editedRequest(t, draft, bodyOfHeld(held.body));
  if ('errors' in edited) return edited;
  const body = isSame(bodyPart(draft), bodyPart(requestDraft(held))) ? keptBody(held.body) : edited.value.body;
  return { value: { type: 'continue', request: { ...edited.value, body } } };
}

/** What stands for a body that was not touched. */
function keptBody(body: HeldBody): EditedRequest['body'] {
  return body.kind === 'none' ? 'none' : 'recorded';
}

export function continuedResponse(
  t: Translate,
  held: HeldResponse,
  draft: ResponseDraft,
): Made<ReleaseOrder, ResponseErrors> {
  if (isSame(draft, responseDraft(held))) return { value: { type: 'continue' } };
  const response = editedResponse(t, draft, held.body);
  if ('errors' in response) return response;
  const untouched = isSame(bodyPart(draft), bodyPart(responseDraft(held))) && held.body.kind !== 'none';
  return { value: { type: 'continue', response: untouched ? { ...response.value, body: 'kept' } : response.value } };
}

/** An answer to a held request in place of its server's. */
export function answerInstead(t: Translate, draft: ResponseDraft): Made<ReleaseOrder, ResponseErrors> {
  const response = editedResponse(t, draft, { kind: 'none' });
  return 'errors' in response ? response : { value: { type: 'answer', response: response.value } };
}

function editedResponse(t: Translate, draft: ResponseDraft, held: HeldBody): Made<EditedResponse, ResponseErrors> {
  const errors: { status?: string; fields?: string; text?: string } = {};
  const status = /^\s*\d{3}\s*$/.test(draft.status) ? Number(draft.status) : 0;
  if (status < 200 || status > 599) errors.status = t('held.badStatus');
  const headers: HeaderList | string = parseFields(t, draft.fields);
  if (typeof headers === 'string') errors.fields = headers;
  const tooLong = textProblem(t, draft);
  if (tooLong !== undefined) errors.text = tooLong;
  if (Object.keys(errors).length > 0 || typeof headers === 'string') return { errors };
  const body = editedBody(draft, bodyOfHeld(held));
  return { value: { status, headers, body: body === 'recorded' ? 'kept' : body } };
}

function bodyPart({ body, text }: BodyDraft): BodyDraft {
  return { body, text };
}

/** Whether two drafts say the same; their parts are texts, in one order. */
export function isSame(draft: object, other: object): boolean {
  return JSON.stringify(draft) === JSON.stringify(other);
}
