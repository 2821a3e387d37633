import { splitUrl } from '../url-parts.ts';
import { MARK_COLOURS } from '../annotation.ts';
import type { Annotation } from '../annotation.ts';
import type { FilteredExchange } from './filtered-exchange.ts';
import type { Dimension } from './quantity.ts';

type Row = FilteredExchange;

/** A key of the filter language: what kind of values it takes, and where in an exchange it looks. */
export type FilterKey = { readonly name: string; readonly aliases?: readonly string[]; readonly meaning: string } & (
  | { readonly kind: 'text'; readonly read: (row: Row, note: Annotation | undefined) => string | undefined }
  /** One of several texts will do. */
  | { readonly kind: 'texts'; readonly read: (row: Row) => readonly string[] }
  | { readonly kind: 'number'; readonly dimension: Dimension; readonly read: (row: Row) => number | undefined }
  | {
      readonly kind: 'word';
      readonly words: readonly string[];
      readonly is: (row: Row, word: string, note: Annotation | undefined) => boolean;
    }
  /** Known only from the exchange's details. */
  | { readonly kind: 'header'; readonly side: Side }
  | { readonly kind: 'body'; readonly side: Side }
  | { readonly kind: 'cache-key' }
);

/** Which of the two messages; undefined stands for either. */
export type Side = 'request' | 'response' | undefined;

function isError(row: Row): boolean {
  return (row.outcome !== undefined && row.outcome.kind !== 'completed') || (row.status ?? 0) >= 500;
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT'];

/** The states that `is:` asks for. */
const STATES: Readonly<Record<string, (row: Row, note: Annotation | undefined) => boolean>> = {
  running: (row) => row.end === undefined,
  completed: (row) => row.outcome?.kind === 'completed',
  failed: (row) => row.outcome?.kind === 'failed',
  aborted: (row) => row.outcome?.kind === 'aborted',
  error: isError,
  warning: (row) => row.warnings > 0,
  cached: (row) => row.from === 'cache',
  secure: (row) => /^(https|wss):/.test(row.url),
  tunnel: (row) => row.kind === 'tunnel',
  websocket: (row) => row.kind === 'websocket',
  malformed: (row) => row.kind === 'malformed',
  mutating: (row) => row.kind === 'http' && !SAFE_METHODS.includes(row.method),
  child: (row) => row.parent !== undefined,
  replay: (row) => row.replay === true,
  ruled: (row) => row.rules !== undefined,
  held: (row) => row.held !== undefined,
  pinned: (_row, note) => note?.pinned === true,
  marked: (_row, note) => note?.mark !== undefined || note?.struck === true,
  struck: (_row, note) => note?.struck === true,
  commented: (_row, note) => note?.comment !== undefined,
};

const NO_RULES: NonNullable<Row['rules']> = [];

const FORWARDS = ['bypass', 'method', 'uri-miss', 'vary-miss', 'miss', 'request', 'stale', 'partial'];

const path = (row: Row): string | undefined => (row.kind === 'malformed' ? undefined : splitUrl(row.url).path);

function query(row: Row): string {
  const at = row.url.indexOf('?');
  return at < 0 ? '' : row.url.slice(at + 1);
}

/** Every key, in the order in which they are offered. */
export const FILTER_KEYS: readonly FilterKey[] = [
  { name: 'url', kind: 'text', meaning: 'The whole URL', read: (row) => row.url },
  {
    name: 'host',
    aliases: ['domain', 'hostname'],
    kind: 'text',
    meaning: 'Host and port',
    read: (row) => (row.kind === 'malformed' ? undefined : splitUrl(row.url).host),
  },
  { name: 'path', kind: 'text', meaning: 'Path and query', read: path },
  { name: 'query', kind: 'text', meaning: 'What follows the question mark', read: query },
  { name: 'scheme', kind: 'text', meaning: 'http, https, ws …', read: (row) => splitUrl(row.url).scheme },
  { name: 'method', aliases: ['m'], kind: 'text', meaning: 'The request method', read: (row) => row.method },
  {
    name: 'status',
    aliases: ['s', 'status-code'],
    kind: 'number',
    dimension: 'status',
    meaning: 'The response status: 404, 4xx, >=400',
    read: (row) => row.status,
  },
  {
    name: 'cache',
    aliases: ['verdict'],
    kind: 'word',
    meaning: 'What the cache made of it',
    words: ['hit', 'miss', 'revalidated', 'stale', 'bypass', 'error'],
    is: (row, word) => row.verdict?.toLowerCase() === word,
  },
  {
    name: 'fwd',
    kind: 'word',
    words: FORWARDS,
    meaning: 'Why the cache sent it on (RFC 9211)',
    is: (row, word) => row.fwd === word,
  },
  {
    name: 'from',
    kind: 'word',
    words: ['upstream', 'cache', 'hopscope'],
    meaning: 'Who made the response',
    is: (row, word) => row.from === word,
  },
  {
    name: 'is',
    kind: 'word',
    words: Object.keys(STATES),
    meaning: 'A state',
    is: (row, word, note) => STATES[word]?.(row, note) === true,
  },
  {
    name: 'kind',
    kind: 'word',
    words: ['http', 'websocket', 'tunnel', 'malformed'],
    meaning: 'What kind of row',
    is: (row, word) => row.kind === word,
  },
  {
    name: 'type',
    aliases: ['mime-type', 'content-type'],
    kind: 'text',
    meaning: 'The media type',
    read: (row) => row.contentType,
  },
  {
    name: 'duration',
    aliases: ['time'],
    kind: 'number',
    dimension: 'milliseconds',
    meaning: 'From first to last byte',
    read: (row) => (row.end === undefined ? undefined : row.end - row.start),
  },
  {
    name: 'wait',
    aliases: ['ttfb'],
    kind: 'number',
    dimension: 'milliseconds',
    meaning: "Until the response's head",
    read: (row) => (row.responseAt === undefined ? undefined : row.responseAt - row.start),
  },
  {
    name: 'size',
    aliases: ['response-size'],
    kind: 'number',
    dimension: 'bytes',
    meaning: "The response's body",
    read: (row) => row.responseBytes,
  },
  {
    name: 'request-size',
    kind: 'number',
    dimension: 'bytes',
    meaning: "The request's body",
    read: (row) => row.requestBytes,
  },
  {
    name: 'saved',
    kind: 'number',
    dimension: 'bytes',
    meaning: 'Body bytes that came from the cache',
    read: (row) => (row.from === 'cache' ? row.responseBytes : 0),
  },
  {
    name: 'ttl',
    kind: 'number',
    dimension: 'seconds',
    meaning: 'Remaining freshness; negative when stale',
    read: (row) => row.ttl,
  },
  { name: 'age', kind: 'number', dimension: 'seconds', meaning: 'Age of the stored response', read: (row) => row.age },
  {
    name: 'header',
    aliases: ['h'],
    kind: 'header',
    side: undefined,
    meaning: 'A field of either message: header[name]:value',
  },
  {
    name: 'request.header',
    aliases: ['reqheader'],
    kind: 'header',
    side: 'request',
    meaning: 'A field of the request',
  },
  {
    name: 'response.header',
    aliases: ['resheader'],
    kind: 'header',
    side: 'response',
    meaning: 'A field of the response',
  },
  { name: 'body', aliases: ['b'], kind: 'body', side: undefined, meaning: 'Text in either body' },
  { name: 'request.body', aliases: ['reqbody'], kind: 'body', side: 'request', meaning: "Text in the request's body" },
  {
    name: 'response.body',
    aliases: ['resbody'],
    kind: 'body',
    side: 'response',
    meaning: "Text in the response's body",
  },
  { name: 'key', kind: 'cache-key', meaning: "The cache's key" },
  { name: 'upstream', kind: 'text', meaning: 'Whom it was sent to', read: (row) => row.upstream },
  {
    name: 'remote',
    aliases: ['ip', 'remote-address'],
    kind: 'text',
    meaning: 'The address it was sent to',
    read: (row) => row.remote,
  },
  { name: 'client', kind: 'text', meaning: "The client's address", read: (row) => row.client },
  {
    name: 'protocol',
    aliases: ['version'],
    kind: 'text',
    meaning: "The client's version of HTTP",
    read: (row) => row.version,
  },
  { name: 'failure', kind: 'text', meaning: 'How it failed: code, phase or sentence', read: failure },
  {
    name: 'mark',
    kind: 'word',
    words: MARK_COLOURS,
    meaning: 'The colour it is marked with',
    is: (_row, word, note) => note?.mark === word,
  },
  {
    name: 'rule',
    kind: 'texts',
    meaning: 'The name of a traffic rule that was applied',
    read: (row) => (row.rules ?? NO_RULES).map(({ name }) => name),
  },
  { name: 'comment', kind: 'text', meaning: 'Your comment', read: (_row, note) => note?.comment },
  { name: 'id', kind: 'number', dimension: 'count', meaning: 'Number of the exchange', read: (row) => row.id },
  {
    name: 'parent',
    kind: 'number',
    dimension: 'count',
    meaning: 'The exchange that caused it',
    read: (row) => row.parent,
  },
  {
    name: 'connection',
    kind: 'number',
    dimension: 'count',
    meaning: "The client's connection",
    read: (row) => row.connection,
  },
  {
    name: 'messages',
    kind: 'number',
    dimension: 'count',
    meaning: 'Messages of a WebSocket or event stream',
    read: (row) => (row.messages === undefined ? undefined : row.messages.sent + row.messages.received),
  },
];

function failure({ outcome }: Row): string | undefined {
  if (outcome === undefined || outcome.kind === 'completed') return undefined;
  return `${outcome.kind === 'failed' ? outcome.code : outcome.by} ${outcome.phase} ${outcome.message}`;
}

const byName = new Map(FILTER_KEYS.flatMap((key) => [key.name, ...(key.aliases ?? [])].map((name) => [name, key])));

/** The key called `name`, in any case and by any of its names. */
export function filterKey(name: string): FilterKey | undefined {
  return byName.get(name.toLowerCase());
}

/** The known name that a mistyped one is nearest to, when it is near at all. */
export function similarKey(name: string): string | undefined {
  const wanted = name.toLowerCase();
  let best: { name: string; distance: number } | undefined;
  for (const known of byName.keys()) {
    const distance = editDistance(wanted, known);
    if (known.length > 2 && distance <= (wanted.length > 4 ? 2 : 1) && distance < (best?.distance ?? Infinity))
      best = { name: known, distance };
  }
  return best?.name;
}

/** How many characters have to be added, taken away or exchanged (Levenshtein). */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (above[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    above = row;
  }
  return above[b.length] as number;
}
