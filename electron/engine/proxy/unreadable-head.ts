import type { HeaderList } from '../../../shared/headers.ts';
import { getHeader } from '../../../shared/headers.ts';
import type { Malformed, ParsedHead } from '../http/request-head.ts';
import { parseRequestLine } from '../http/request-head.ts';

/** Says early what can never become a request head, so that a confused client is not left waiting. */
export function impossibleHead(bytes: Buffer): Malformed | undefined {
  if (bytes[0] === 0x16) return { error: 'MALFORMED_REQUEST_LINE', detail: 'These bytes look like TLS.' };
  if (!/[!-~]/.test(String.fromCharCode(bytes[0] as number))) {
    return { error: 'MALFORMED_REQUEST_LINE', detail: 'The first byte is not that of a method.' };
  }
  let lf = bytes.indexOf(10);
  while (lf !== -1) {
    if (bytes[lf - 1] !== 13) return { error: 'MALFORMED_REQUEST_LINE', detail: 'A line ends without CR.' };
    lf = bytes.indexOf(10, lf + 1);
  }
  const end = bytes.indexOf('\r\n');
  const line = end === -1 ? undefined : parseRequestLine(bytes.toString('latin1', 0, end));
  // What is wrong in a request line that can be read is told when all of the head has come, which is shown with it.
  return line !== undefined && 'error' in line && line.error === 'MALFORMED_REQUEST_LINE' ? line : undefined;
}

/** What is wrong with a head of more than `limit` bytes: with a request line like that, it is the target (RFC 9112 §3). */
export function oversizedHead(bytes: Buffer, limit: number): Malformed {
  const [space, end] = [bytes.indexOf(' '), bytes.indexOf('\r\n')];
  const hasTarget = space !== -1 && space < limit;
  const error = hasTarget && (end === -1 || end > limit) ? 'TARGET_TOO_LONG' : 'HEAD_TOO_LARGE';
  return { error, detail: `The limit is ${limit} bytes.` };
}

/** How much of a line is shown. */
const MAX_SHOWN = 200;

/** As much of a request line as can be made out, for the list: all of it where it cannot be split. */
export function guessHead(bytes: Buffer, malformed: Malformed): ParsedHead {
  const line = shown(bytes.toString('latin1', 0, MAX_SHOWN + 1).split(/[\r\n]/, 1)[0] ?? '');
  const [, method = '', target = ''] = /^([^ ]*) ?(.*?)(?: HTTP\/[^ ]*)?$/.exec(line) ?? [];
  const known = malformed.error !== 'MALFORMED_REQUEST_LINE' || /^[A-Z]{1,20}$/.test(method);
  return { method: known ? method : '?', target: known ? target : line, version: '1.1', headers: [] };
}

/** The same of an HTTP/2 request, from its fields. */
export function guessHttp2Head(raw: HeaderList): ParsedHead {
  const target = shown(getHeader(raw, ':path') ?? getHeader(raw, ':authority') ?? '');
  return { method: getHeader(raw, ':method') ?? '?', target, version: '2', headers: [] };
}

function shown(line: string): string {
  const text = line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
  return text.replace(/[^\x20-\x7e…]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
