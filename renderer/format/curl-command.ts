import { hasHeader, headerPairs, isHeaderName } from '../../shared/headers.ts';
import type { HeaderList } from '../../shared/headers.ts';
import { base64, exactText } from './body-text.ts';

// curl makes these itself, or they belong to one connection only.
const LEFT_TO_CURL = [
  'host',
  'content-length',
  'connection',
  'proxy-connection',
  'transfer-encoding',
  'accept-encoding',
];

/** A curl command line that sends this request again, with its body as it travelled, quoted for bash, zsh and their kin. */
export function curlCommand(method: string, url: string, headers: HeaderList, body?: Uint8Array): string {
  const parts = ['curl'];
  if (method === 'HEAD') parts.push('--head');
  // With data it would be a POST.
  else if (method !== 'GET' || body !== undefined) parts.push('-X', quote(method));
  // It would take these for lists and ranges of URLs, and resolve these itself.
  if (/[[\]{}]/.test(url)) parts.push('--globoff');
  if (/\/\.{1,2}(?:[/?#]|$)/.test(url)) parts.push('--path-as-is');
  parts.push(quote(url));
  for (const [name, value] of headerPairs(headers)) {
    if (LEFT_TO_CURL.some((lowerName) => isHeaderName(name, lowerName))) continue;
    parts.push('-H', quote(value === '' ? `${name};` : `${name}: ${value}`));
  }
  if (headersAskForCoding(headers)) parts.push('--compressed');
  if (body === undefined || method === 'HEAD') return parts.join(' ');
  // Data without a type would be a form's.
  if (!hasHeader(headers, 'content-type')) parts.push('-H', "'Content-Type:'");
  const text = exactText(body);
  if (text === undefined) return `echo ${base64(body)} | base64 --decode | ${parts.join(' ')} --data-binary @-`;
  return `${parts.join(' ')} --data-raw ${quote(text)}`;
}

function headersAskForCoding(headers: HeaderList): boolean {
  for (const [name] of headerPairs(headers)) if (isHeaderName(name, 'accept-encoding')) return true;
  return false;
}

/** A word for a shell; control characters are written so that a terminal does not act on them. */
function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;

  if (!/[\u0000-\u001f\u007f-\u009f]/.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = word
    .replace(/[\\']/g, '\\$&')
    // Bash looks for its history in this kind of quotes.
    .replace(/[\u0000-\u001f!\u007f-\u009f]/g, (character) => NAMED[character] ?? bytesOf(character));
  return `$'${escaped}'`;
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function bytesOf(character: string): string {
  const bytes = new TextEncoder().encode(character);
  return Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
