import type { InspectorApi } from '../../../shared/contract.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { curlCommand } from '../../format/curl-command.ts';
import { fetchCall } from '../../format/fetch-call.ts';
import { formatBytes } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';

/** Bytes of a body that are copied at most: Linux takes arguments of commands up to 128 KiB. */
const MAX_COPIED_BODY = 100_000;

/** A request made to be pasted elsewhere, and what is to be known of it. */
export interface CopiedRequest {
  readonly text: string;
  /** Why its body is not in it. */
  readonly note?: string;
}

const FORMS = { curl: curlCommand, fetch: fetchCall } as const;

/** A request as a command or a call that sends it again, body included. */
export async function copiedRequest(
  t: Translate,
  api: InspectorApi,
  view: ExchangeView,
  form: keyof typeof FORMS,
): Promise<CopiedRequest> {
  const { id, method, url, request, requestBytes } = view;
  const length = request.body?.captured ?? 0;
  const make = (body?: Uint8Array): string => FORMS[form](method, url, request.headers, body);
  if (requestBytes === 0 && length === 0) return { text: make() };
  if (length > MAX_COPIED_BODY) return { text: make(), note: t('list.bodyTooLong', { size: formatBytes(length) }) };
  if (request.body?.truncated === undefined && length > 0) {
    const bytes = await api.request('body.read', { id, side: 'request', offset: 0, length });
    if (bytes.ok && bytes.value.length === length) return { text: make(bytes.value) };
  }
  return { text: make(), note: t('list.bodyNotWhole') };
}
