import { headerPairs, isHeaderName } from '../../shared/headers.ts';
import type { HeaderList } from '../../shared/headers.ts';

// curl makes these itself, or they belong to one connection only.
const LEFT_TO_CURL = [
  'host',
  'content-length',
  'connection',
  'proxy-connection',
  'transfer-encoding',
  'accept-encoding',
];

/** A curl command line that sends this request again (without its body), quoted for a POSIX shell. */
export function curlCommand(method: string, url: string, headers: HeaderList): string {
  const parts = ['curl'];
  if (method === 'HEAD') parts.push('--head');
  else if (method !== 'GET') parts.push('-X', quote(method));
  parts.push(quote(url));
  for (const [name, value] of headerPairs(headers)) {
    if (LEFT_TO_CURL.some((lowerName) => isHeaderName(name, lowerName))) continue;
    parts.push('-H', quote(value === '' ? `${name};` : `${name}: ${value}`));
  }
  if (headersAskForCoding(headers)) parts.push('--compressed');
  return parts.join(' ');
}

function headersAskForCoding(headers: HeaderList): boolean {
  for (const [name] of headerPairs(headers)) if (isHeaderName(name, 'accept-encoding')) return true;
  return false;
}

/** A word for a POSIX shell; control characters are written so that a terminal does not act on them. */
function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;

  if (!/[\u0000-\u001f\u007f-\u009f]/.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = word
    .replace(/[\\']/g, '\\$&')
    .replace(
      /[\u0000-\u001f\u007f-\u009f]/g,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
  return `$'${escaped}'`;
}
