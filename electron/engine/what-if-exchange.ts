import type { WhatIfQuestion } from '../../shared/contract.ts';
import type { CacheMode, WhatIfAnswer } from '../../shared/decision.ts';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import { fold } from '../../shared/exchange-view.ts';
import type { HeaderList } from '../../shared/headers.ts';
import { FieldNames, getHeader, headerPairs, joinedHeader, trimOws, withoutHeaders } from '../../shared/headers.ts';
import type { Settings } from '../../shared/settings.ts';
import { placeOf, uriOf } from './cache/cache-key.ts';
import type { ReceivedHead } from './cache/stored-response.ts';
import type { AskedRequest, WhatIf } from './cache/what-if.ts';
import { whatIf } from './cache/what-if.ts';
import { cacheSettingsOf } from './handlers/cache-settings.ts';
import { parseContentRange } from './http/byte-ranges.ts';
import { readUpgrade } from './http/upgrade.ts';
import type { Recorder } from './trace/recorder.ts';

/** Why an exchange is not one to ask about, as a sentence. */
export interface Unanswerable {
  readonly unanswerable: string;
}

/**
 * Puts a recorded exchange before the cache's rules again. The response is taken as its client got it, unless a rule of
 * traffic has changed it behind the cache, and as whole even where its delivery broke off. Of what Hopscope had added to it,
 * `Via` and `Cache-Status` stay, because no rule reads them, and so does the `Age` of an answer from the store: it says how
 * old the response was when this exchange delivered it, which is when the question counts it as received.
 *
 * @returns undefined when the exchange is not in the session
 */
export async function whatIfExchange(
  recorder: Pick<Recorder, 'read' | 'epoch'>,
  settings: Settings,
  question: WhatIfQuestion,
): Promise<WhatIfAnswer | Unanswerable | undefined> {
  const { id, now = Date.now(), requestHeaders, responseHeaders } = question;
  const view = fold((await recorder.read(id)) ?? []);
  if (view === undefined) return undefined;
  const recorded = recordedExchange(view, recorder.epoch, responseHeaders);
  if ('unanswerable' in recorded) return recorded;
  const current = cacheSettingsOf(settings);
  const { mode = current.mode } = question;
  const then = askedRequest(view, requestHeaders);
  // What the edited request would have stored is part of the question, where this exchange itself has stored or refused.
  const request = question.laterOnly === true || view.from === 'cache' ? recorded.request : then;
  const place = placeOf(view.decision?.key ?? '');
  const cameIn = modesOf(view, current.mode, responseHeaders !== undefined);
  return whatIf({ ...recorded, request, then, now, place, cameIn, settings: { ...current, mode } });
}

/** The modes that the exchange's response may have been stored in, likeliest first. */
function modesOf({ decision }: ExchangeView, current: CacheMode, edited: boolean): readonly CacheMode[] {
  const recorded = decision?.mode ?? 'off';
  if (recorded !== 'off' && recorded !== 'offline') return [recorded];
  const likely = current === 'off' || current === 'offline' ? 'shared' : current;
  // What answers in offline mode has been stored for sure, if need be whatever its headers said.
  return recorded === 'offline' && !edited ? [likely, 'snapshot'] : [likely];
}

type Recorded = Pick<WhatIf, 'request' | 'response' | 'bodyLength'>;

function recordedExchange(view: ExchangeView, epoch: number, edited: HeaderList | undefined): Recorded | Unanswerable {
  const { id, kind, status, response, responseAt, from } = view;
  if (kind !== 'http') return { unanswerable: `Exchange ${id} is not a request that a cache could answer.` };
  if (response === undefined || status === undefined || responseAt === undefined) {
    return { unanswerable: `Exchange ${id} has no response.` };
  }
  if (from === 'hopscope') {
    return { unanswerable: `Exchange ${id} was answered by Hopscope itself; such answers are never stored.` };
  }
  if (view.target === undefined)
    return { unanswerable: `Only a row of exchange ${id} was recorded, without its fields.` };
  const headers = edited ?? response.headers;
  if (from === 'cache') {
    const time = Math.round(epoch + responseAt);
    const head: ReceivedHead = { status, reason: response.reason, headers, requestTime: time, responseTime: time };
    const bodyLength = wholeLength(view, headers);
    return { request: storingRequest(view, headers), response: storedForm(head), bodyLength };
  }
  // What the response's age counts from (RFC 9111 §4.2.3); a rule may have held it on its way from the cache to the client.
  const arrived = view.upstreamResponse?.at ?? responseAt;
  const sent = Math.min(arrived, ...view.spans.filter(({ lane }) => lane === 'upstream').map(({ start }) => start));
  const times = { requestTime: Math.round(epoch + sent), responseTime: Math.round(epoch + arrived) };
  const came = edited === undefined && isChanged(view) ? view.upstreamResponse : undefined;
  const { reason } = came ?? response;
  return {
    request: askedRequest(view),
    response: { status: came?.status ?? status, reason, headers: came?.headers ?? headers, ...times },
    bodyLength: wholeLength(view, headers),
  };
}

/**
 * Whether rules may have changed the messages, which the cache has seen as they were behind the rules. Not of a response
 * that the cache itself has put together.
 */
function isChanged({ rules = [], decision }: ExchangeView): boolean {
  return decision?.fwd !== 'partial' && rules.some(({ action }) => action === 'headers' || action === 'pause');
}

function askedRequest(view: ExchangeView, edited?: HeaderList): AskedRequest {
  const { method, requestBytes } = view;
  const headers = edited ?? fieldsBehindRules(view);
  // No other version has upgrades.
  const wish = view.version === 'HTTP/1.1' ? readUpgrade({ method, version: '1.1', headers }) : undefined;
  return { method, uri: askedUri(view), headers, hasContent: requestBytes > 0, upgrade: wish?.upgrade?.protocols };
}

/** Conditions and ranges, which the cache replaces by its own in what it sends on. */
const REPLACED = ['if-none-match', 'if-modified-since', 'range', 'if-range'];

/** The request's fields as the cache has seen them. */
function fieldsBehindRules(view: ExchangeView): HeaderList {
  const { request, upstreamRequest } = view;
  if (upstreamRequest === undefined || !isChanged(view)) return request.headers;
  const replaced = new FieldNames(REPLACED);
  const own = [...headerPairs(request.headers)].filter(([name]) => replaced.has(name));
  return [...withoutHeaders(upstreamRequest.headers, replaced), ...own.flat()];
}

/** The URL that the cache was asked for, which a rule may have made another one than the client's: the key tells it. */
function askedUri({ url, rules, decision }: ExchangeView): string {
  const moves = rules?.some(({ action }) => action === 'redirect' || action === 'pause') === true;
  return (moves && decision?.key !== undefined ? uriOf(decision.key) : undefined) ?? url;
}

/** What the client asked of the cache; the request that brought the stored response need not have asked it. */
const ABOUT_THE_ANSWER = new FieldNames([
  'cache-control',
  'pragma',
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
]);

const AUTHORIZATION = new FieldNames(['authorization']);

/**
 * The request that an answer from the store is owed to, as far as it can be known: a GET for the same URL and variant. It
 * need not have been authorised, unless only such a one matches: most often no other would have been stored.
 */
function storingRequest(view: ExchangeView, response: HeaderList): AskedRequest {
  const headers = withoutHeaders(view.request.headers, ABOUT_THE_ANSWER);
  const varies = (joinedHeader(response, 'vary') ?? '').split(',').map((name) => trimOws(name).toLowerCase());
  const own = varies.includes('authorization') ? headers : withoutHeaders(headers, AUTHORIZATION);
  return { method: 'GET', uri: askedUri(view), headers: own };
}

const PART_FIELDS = new FieldNames(['content-range', 'content-length']);

/** The stored response behind an answer from the store: a 304, 206 or 416 was made from a 200. */
function storedForm(head: ReceivedHead): ReceivedHead {
  if (head.status !== 304 && head.status !== 206 && head.status !== 416) return head;
  return { ...head, status: 200, reason: 'OK', headers: withoutHeaders(head.headers, PART_FIELDS) };
}

/**
 * The length of the whole representation: what Content-Range says of it, else the announced one, else the bytes that came,
 * if those are all. Undefined where the answer tells nothing of it, as a 304 or a 206 with several ranges.
 */
function wholeLength(
  { status, method, outcome, responseBytes }: ExchangeView,
  headers: HeaderList,
): number | undefined {
  if (status === 206 || status === 416) {
    const range = getHeader(headers, 'content-range');
    return range === undefined ? undefined : parseContentRange(range)?.length;
  }
  if (status === 304) return undefined;
  const announced = getHeader(headers, 'content-length') ?? '';
  if (/^\d{1,15}$/.test(announced)) return Number(announced);
  return method !== 'HEAD' && outcome?.kind === 'completed' ? responseBytes : undefined;
}
