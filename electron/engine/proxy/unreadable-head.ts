import type { Malformed, ParsedHead } from '../http/request-head.ts';

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
  return undefined;
}

/** As much of a request line as can be made out, for the list. */
export function guessHead(bytes: Buffer, malformed: Malformed): ParsedHead {
  const line = bytes.toString('latin1', 0, 200).split(/[\r\n]/, 1)[0] ?? '';
  const [method = '', target = ''] = line.split(' ');
  const known = malformed.error !== 'MALFORMED_REQUEST_LINE' || /^[A-Z]{1,20}$/.test(method);
  return { method: known ? method : '?', target: known ? target : line, version: '1.1', headers: [] };
}
