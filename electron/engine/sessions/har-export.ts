import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Decision, FieldEvidence } from '../../../shared/decision.ts';
import { fold } from '../../../shared/exchange-view.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { getHeader, headerPairs, isHeaderName } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { MASKED, SECRET_FIELDS } from '../../../shared/masked-fields.ts';
import { withoutCodings } from '../bodies/without-codings.ts';
import type { SessionItem } from '../trace/session-item.ts';
import { writeWhole } from '../write-whole.ts';
import { sentCookies, setCookies } from './har-cookies.ts';
import { wholeExchanges } from './whole-exchanges.ts';
import type { WholeExchange } from './whole-exchanges.ts';

export interface HarOptions {
  /** Hopscope's version. */
  readonly version: string;
  /** Wall time (ms since 1970) of engine time zero of the run that recorded the session. */
  readonly epoch: number;
  /** Whether values that let somebody in (logins and cookies) are written out. */
  readonly secrets: boolean;
  /** Ends it before it is done. */
  readonly signal?: AbortSignal;
}

const NO_LENGTHS = { request: 0, response: 0 };

const OPCODES: Readonly<Record<string, number>> = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/**
 * Writes a session as HTTP Archive 1.2. Bodies are without their content codings, as the format wants them. What the format
 * has no place for, such as the cache's decision, is in `_hopscope`. Returns how many exchanges were written.
 */
export async function writeHarFile(
  path: string,
  items: AsyncIterable<SessionItem>,
  options: HarOptions,
): Promise<number> {
  const counted = { exchanges: 0 };
  const { signal } = options;
  await writeWhole(path, (file) => pipeline(Readable.from(harText(items, options, counted)), file), { signal });
  return counted.exchanges;
}

async function* harText(
  items: AsyncIterable<SessionItem>,
  options: HarOptions,
  counted: { exchanges: number },
): AsyncGenerator<string> {
  const creator = { name: 'Hopscope', version: options.version };
  yield `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"pages":[],"entries":[`;
  for await (const exchange of wholeExchanges(items)) {
    const view = fold(exchange.events);
    if (view === undefined) continue;
    const entry = await entryOf(view, exchange, options);
    yield `${counted.exchanges++ === 0 ? '\n' : ',\n'}${JSON.stringify(entry)}`;
  }
  yield '\n]}}\n';
}

async function entryOf(view: ExchangeView, exchange: WholeExchange, { epoch, secrets }: HarOptions): Promise<object> {
  const fields = (headers: HeaderList): object[] => fieldsOf(headers, secrets);
  const { outcome, kind, from, upstream, remote } = view;
  const [sent, received] = [view.request.headers, view.response?.headers ?? []];
  // What a tunnel or a WebSocket carries is no body.
  const lengths = kind === 'http' ? { request: view.requestBytes, response: view.responseBytes } : NO_LENGTHS;
  const { annotation } = exchange;
  const decision = view.decision === undefined || secrets ? view.decision : withoutSecrets(view.decision);
  const end = view.end ?? view.start;
  const socket = kind === 'websocket' ? exchange.messages.map((message) => messageOf(message, epoch)) : [];
  return {
    startedDateTime: new Date(epoch + view.start).toISOString(),
    time: wholeMicroseconds(end - view.start),
    request: {
      ...{ method: view.method, url: view.url, httpVersion: view.version },
      ...{ cookies: secrets ? sentCookies(sent) : [], headers: fields(sent), queryString: queryOf(view.url) },
      ...(await postDataOf(sent, exchange.request, lengths.request)),
      ...{ headersSize: -1, bodySize: view.requestBytes },
    },
    response: {
      ...{ status: view.status ?? 0, statusText: view.response?.reason ?? '', httpVersion: view.version },
      ...{ cookies: secrets ? setCookies(received, epoch + view.start) : [], headers: fields(received) },
      content: await contentOf(received, exchange.response, lengths.response),
      redirectURL: getHeader(received, 'location') ?? '',
      ...{ headersSize: -1, bodySize: view.responseBytes },
      ...(outcome?.kind === 'failed' ? { _error: outcome.message } : {}),
    },
    cache: {},
    timings: timingsOf(view, end),
    ...serverAddress(view.remote),
    connection: String(view.connection),
    ...(socket.length === 0 ? {} : { _webSocketMessages: socket }),
    ...(annotation?.comment === undefined ? {} : { comment: annotation.comment }),
    _hopscope: { kind, from, upstream, remote, decision, outcome, annotation },
  };
}

/** HAR has no place for the port. */
function serverAddress(remote = ''): object {
  const host = /^\[?(.+?)\]?:\d+$/.exec(remote)?.[1];
  return host === undefined ? {} : { serverIPAddress: host };
}

function fieldsOf(headers: HeaderList, secrets: boolean): object[] {
  return Array.from(headerPairs(headers), ([name, value]) => {
    const masked = !secrets && SECRET_FIELDS.some((secret) => isHeaderName(name, secret));
    return { name, value: masked ? MASKED : value };
  });
}

/** What led to a decision may quote fields; what almost answered does. */
function withoutSecrets({ nearMiss: _nearMiss, ...decision }: Decision): Decision {
  const isSecret = ({ name }: FieldEvidence): boolean => SECRET_FIELDS.includes(name);
  return { ...decision, steps: decision.steps.filter(({ fields }) => fields?.some(isSecret) !== true) };
}

function queryOf(url: string): object[] {
  const query = URL.parse(url)?.searchParams;
  return query === undefined ? [] : Array.from(query, ([name, value]) => ({ name, value }));
}

async function postDataOf(headers: HeaderList, body: Uint8Array, length: number): Promise<object> {
  const { size, mimeType, ...content } = await contentOf(headers, body, length);
  // The format knows no encoding for what is sent, though bytes need one as much.
  return size === 0 && content.comment === undefined
    ? {}
    : { postData: { mimeType, params: [], text: '', ...content } };
}

interface HarContent {
  readonly size: number;
  readonly mimeType: string;
  readonly text?: string;
  readonly encoding?: string;
  readonly comment?: string;
}

/** @param length of the whole body, of which only a part may have been recorded */
async function contentOf(headers: HeaderList, body: Uint8Array, length: number): Promise<HarContent> {
  const mimeType = getHeader(headers, 'content-type') ?? '';
  if (body.length === 0) return { size: 0, mimeType, ...(length > 0 ? { comment: 'The body was not recorded.' } : {}) };
  const decoded = await withoutCodings(headers, body);
  const bytes = decoded ?? body;
  const comment = remarkOn(decoded, body.length, length);
  const text = isUtf8(bytes)
    ? { text: Buffer.from(bytes).toString('utf8') }
    : { text: Buffer.from(bytes).toString('base64'), encoding: 'base64' };
  return { size: bytes.length, mimeType, ...text, ...(comment === undefined ? {} : { comment }) };
}

/** What the format has no field for. A body is coded still because it was cut, or is not what its fields say, as one that came from a file. */
function remarkOn(decoded: Uint8Array | undefined, recorded: number, length: number): string | undefined {
  if (decoded === undefined) return 'Its content codings could not be undone.';
  return recorded < length ? `Only the first ${recorded} of ${length} bytes were recorded.` : undefined;
}

/** HAR's phases follow each other and make up the whole time; what of ours is none of them is `blocked`. */
function timingsOf(view: ExchangeView, end: number): Record<string, number> {
  const spans = view.spans.filter(({ lane }) => lane === 'upstream');
  const total = (name: string): number => {
    const named = spans.filter((span) => span.name === name);
    return wholeMicroseconds(named.reduce((sum, span) => sum + span.at - span.start, 0));
  };
  const known = (name: string): number => (spans.some((span) => span.name === name) ? total(name) : -1);
  const tls = known('tls');
  const connect = known('connect');
  const timings = {
    dns: known('dns'),
    // With TLS included.
    connect: connect < 0 ? -1 : wholeMicroseconds(connect + Math.max(0, tls)),
    ...{ send: total('send'), wait: total('wait'), receive: total('receive') },
  };
  const spent = Object.values(timings).reduce((sum, time) => sum + Math.max(0, time), 0);
  return { blocked: wholeMicroseconds(Math.max(0, end - view.start - spent)), ...timings, ssl: connect < 0 ? -1 : tls };
}

/** Times are recorded to the microsecond; what lies beyond is noise of floating point. */
function wholeMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function messageOf({ facts, payload }: WholeExchange['messages'][number], epoch: number): object {
  const data = Buffer.from(payload).toString(facts.kind === 'text' ? 'utf8' : 'base64');
  const type = facts.direction === 'sent' ? 'send' : 'receive';
  return { type, time: (epoch + facts.at) / 1000, opcode: OPCODES[facts.kind] ?? 1, data };
}
