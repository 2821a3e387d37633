import { useEffect, useState } from 'react';
import type { InspectorApi } from '../../../shared/contract.ts';
import { fold } from '../../../shared/exchange-view.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { bodyBeforeReading, bodyOfBytes } from './resend-draft.ts';
import type { RecordedBody } from './resend-draft.ts';

export type RecordedRequest =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'ready'; readonly view: ExchangeView; readonly body: RecordedBody };

/** Reads a recorded request, its body as far as it can be edited. */
export function useRecordedRequest(api: InspectorApi, id: number): RecordedRequest {
  const [request, setRequest] = useState<RecordedRequest>({ state: 'loading' });
  useEffect(() => {
    let wanted = true;
    void read(api, id).then((found) => {
      if (wanted) setRequest(found);
    });
    return () => {
      wanted = false;
    };
  }, [api, id]);
  return request;
}

async function read(api: InspectorApi, id: number): Promise<RecordedRequest> {
  const answer = await api.request('exchange.read', { id });
  if (!answer.ok) return { state: 'failed', message: answer.error.message };
  const view = fold(answer.value.events);
  if (view === undefined) return { state: 'failed', message: '' };
  const known = bodyBeforeReading(view);
  if (known !== undefined) return { state: 'ready', view, body: known };
  const length = view.request.body?.captured ?? 0;
  const bytes = await api.request('body.read', { id, side: 'request', offset: 0, length });
  return bytes.ok && bytes.value.length === length
    ? { state: 'ready', view, body: bodyOfBytes(bytes.value) }
    : { state: 'ready', view, body: { kind: 'missing' } };
}
