import { getHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { MAX_EDITED_BODY } from '../../../shared/resend-contract.ts';
import type { HeldBody, HeldMessage } from '../../../shared/rules-contract.ts';
import { withoutCodings } from '../bodies/without-codings.ts';
import type { RequestHead } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { formatUrl } from '../http/request-target.ts';
import { PeekedBody } from './peeked-body.ts';

/** A code unit of a text that can be edited takes three bytes of UTF-8 at most. */
const MAX_BYTES = 3 * MAX_EDITED_BODY;
/** How long (ms) who asks for a held message waits for the end of a body that is still arriving. */
const PATIENCE_MS = 1_000;

/** Looks at the beginning of a body that is held. @param length where it is known */
export function peekInto(body: AsyncIterable<Uint8Array>, length: number | undefined): PeekedBody {
  // One that is too long is not looked at, but for its first bytes, without which a client may not send any.
  return new PeekedBody(body, length !== undefined && length > MAX_BYTES ? 0 : MAX_BYTES);
}

/** A held body: none, bytes at hand, or one that is being looked at. */
export type HeldBytes = null | Uint8Array | PeekedBody;

export async function heldRequest(
  { method, url, headers, upgrade }: RequestHead,
  body: HeldBytes,
  length: number | undefined,
): Promise<HeldMessage> {
  return {
    ...{ stage: 'request', method, url: formatUrl(url), headers, body: await describe(body, headers, length) },
    ...(upgrade === undefined ? {} : { switching: true }),
  };
}

export async function heldResponse({ status, reason, headers }: Reply, body: HeldBytes): Promise<HeldMessage> {
  const length = Number(getHeader(headers, 'content-length') ?? NaN);
  const known = Number.isSafeInteger(length) ? length : undefined;
  return { stage: 'response', status, reason, headers, body: await describe(body, headers, known) };
}

async function describe(body: HeldBytes, headers: HeaderList, length: number | undefined): Promise<HeldBody> {
  if (body === null) return { kind: 'none' };
  const whole = body instanceof Uint8Array ? body : await soon(body.whole);
  const text = whole === undefined || whole.length > MAX_BYTES ? undefined : await textOf(headers, whole);
  if (text !== undefined) return { kind: 'text', text };
  const bytes = whole?.length ?? length;
  return bytes === undefined ? { kind: 'kept' } : { kind: 'kept', bytes };
}

function soon<T>(promise: Promise<T | undefined>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The text that a person edits, its content codings undone; undefined for what is no UTF-8 text, or too long. */
async function textOf(headers: HeaderList, body: Uint8Array): Promise<string | undefined> {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(getHeader(headers, 'content-type') ?? '')?.[1];
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset)) return undefined;
  const bytes = await withoutCodings(headers, body);
  if (bytes === undefined || bytes.length > MAX_BYTES) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.length > MAX_EDITED_BODY ? undefined : text;
  } catch (error) {
    // It is no UTF-8.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
