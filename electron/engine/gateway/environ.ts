import type { HeaderList } from '../../../shared/headers.ts';
import type { RequestHead } from '../chain/exchange.ts';

/** What an environ is made from, besides the request's head. */
export interface EnvironFacts {
  readonly request: RequestHead;
  /** The fields as they reach the application, with the conditions that the cache may have added. */
  readonly headers: HeaderList;
  /** Where the application is mounted: a path without a slash at its end, empty for the root. */
  readonly mount: string;
  /** The client's address and port, as in `127.0.0.1:50000`; without a port it is Hopscope itself, on this machine. */
  readonly client: string;
  readonly software: string;
}

/**
 * An application's view of a request (PEP 3333, RFC 3875 §4.1): variables and their values, `[name, value, …]`, one
 * character per byte. The last is PATH_INFO, the only one whose value may hold any byte.
 */
export type Environ = HeaderList;

/** The variables that every request has in common with its header fields, by the field's name. */
const variableNames = new Map<string, string | null>([
  ['content-type', 'CONTENT_TYPE'],
  ['content-length', 'CONTENT_LENGTH'],
  // RFC 3875 §4.1.18 would make HTTP_PROXY of it, which programs take for the proxy they should use (CVE-2016-5385).
  ['proxy', null],
]);
/** The names are the clients': only so many are remembered. */
const MAX_NAMES = 2_000;

/** Fields beyond which a variable is looked for by its name rather than by going through all of them. */
const MANY_FIELDS = 64;

/** The environ's strings. What only the application's side can add (`wsgi.input` …) is added there. */
export function makeEnviron({ request, headers, mount, client, software }: EnvironFacts): Environ {
  const { url, method, version } = request;
  const query = url.path.indexOf('?');
  const path = url.path === '*' ? '' : query < 0 ? url.path : url.path.slice(0, query);
  const colon = client.lastIndexOf(':');
  const environ = [
    'REQUEST_METHOD',
    method,
    'SCRIPT_NAME',
    unquote(path.slice(0, mount.length)),
    'QUERY_STRING',
    query < 0 ? '' : url.path.slice(query + 1),
    'REQUEST_URI',
    url.path,
    // PEP 3333: never empty, though HTTP/1.0 needs no Host.
    'SERVER_NAME',
    url.hostname === '' ? 'localhost' : url.hostname,
    'SERVER_PORT',
    String(url.port),
    'SERVER_PROTOCOL',
    // RFC 3875 §4.1.16 wants both numbers, also where HTTP has given up the second.
    version === '2' ? 'HTTP/2.0' : `HTTP/${version}`,
    'SERVER_SOFTWARE',
    software,
    'GATEWAY_INTERFACE',
    'CGI/1.1',
    'REMOTE_ADDR',
    colon < 0 ? '127.0.0.1' : withoutBrackets(client.slice(0, colon)),
    'REMOTE_PORT',
    colon < 0 ? '' : client.slice(colon + 1),
    'wsgi.url_scheme',
    url.scheme,
  ];
  addFields(environ, headers, url.authority);
  environ.push('PATH_INFO', unquote(path.slice(mount.length)));
  return environ;
}

/** The environ with its variables by name. */
export function environRecord(environ: Environ): Record<string, string> {
  const record: Record<string, string> = {};
  for (let i = 0; i < environ.length; i += 2) record[environ[i] as string] = environ[i + 1] as string;
  return record;
}

function addFields(environ: string[], headers: HeaderList, authority: string): void {
  const first = environ.length;
  const places = headers.length > 2 * MANY_FIELDS ? new Map<string, number>() : undefined;
  let hasHost = false;
  for (let i = 0; i < headers.length; i += 2) {
    const variable = variableOf(headers[i] as string);
    if (variable === null) continue;
    if (variable === 'HTTP_HOST') hasHost = true;
    const value = headers[i + 1] as string;
    const place = places === undefined ? placeOf(environ, variable, first) : places.get(variable);
    if (place === undefined) {
      places?.set(variable, environ.length);
      environ.push(variable, value);
    } else if (variable !== 'CONTENT_LENGTH') {
      // RFC 9110 §5.3 joins repeated fields with a comma, RFC 9113 §8.2.3 those of Cookie with a semicolon.
      environ[place + 1] = `${environ[place + 1] ?? ''}${variable === 'HTTP_COOKIE' ? '; ' : ','}${value}`;
    }
  }
  // HTTP/2 names the host in :authority (RFC 9113 §8.3.1), for which applications look in HTTP_HOST.
  if (!hasHost && authority !== '') environ.push('HTTP_HOST', authority);
}

/** Where `variable` is among the fields' variables, which begin at `first`. */
function placeOf(environ: readonly string[], variable: string, first: number): number | undefined {
  for (let i = first; i < environ.length; i += 2) if (environ[i] === variable) return i;
  return undefined;
}

function withoutBrackets(address: string): string {
  return address.startsWith('[') ? address.slice(1, -1) : address;
}

/** The variable for a field name; null for a field that must not become one. */
function variableOf(name: string): string | null {
  const known = variableNames.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  let variable = variableNames.get(lower);
  // X_Forwarded_For would become the variable of X-Forwarded-For: a client could forge what a proxy sets.
  variable ??= variable === null || name.includes('_') ? null : `HTTP_${lower.toUpperCase().replaceAll('-', '_')}`;
  if (variableNames.size < MAX_NAMES) variableNames.set(name, variable);
  return variable;
}

/** Percent-decoded, one character per byte, whatever bytes these are: they need not be UTF-8. */
function unquote(path: string): string {
  if (!path.includes('%')) return path;
  return path.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
