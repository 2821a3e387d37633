import { compileGlob } from '../http/glob.ts';

/**
 * Prepares a URL pattern: `*` stands for any run of characters; without one the pattern is a prefix of the URL. A pattern
 * without a scheme begins at the host, and stands for http and https; one that begins with a slash is about the path alone.
 */
export function urlPattern(pattern: string): (uri: string) => boolean {
  const { from, text } = beginning(pattern);
  const matches = matcher(from, text);
  const other = from === 'path' ? undefined : withoutDefaultPort(text);
  if (other === undefined) return matches;
  const matchesOther = matcher('scheme', other);
  return (uri) => matches(uri) || matchesOther(uri);
}

type Beginning = 'scheme' | 'host' | 'path';

function matcher(from: Beginning, text: string): (uri: string) => boolean {
  const [first, second] = [...new Set(spellings(text))].map((one) =>
    one.includes('*') ? compileGlob(one) : (part: string) => part.startsWith(one),
  );
  if (first === undefined) return () => false;
  const matches = second === undefined ? first : (part: string) => first(part) || second(part);
  if (from === 'scheme') return matches;
  return (uri) => {
    const host = uri.indexOf('//') + 2;
    if (from === 'host') return matches(uri.slice(host));
    const path = uri.indexOf('/', host);
    return path >= 0 && matches(uri.slice(path));
  };
}

const WITH_DEFAULT_PORT = /^(?:([a-z]*\*?):\/\/)?([^/?#]*[^*/?#]):(80|443)(\/.*)?$/is;

/**
 * A pattern that names a scheme's default port, as it is for that scheme: the URLs that are matched are without it (RFC 9110
 * §4.2.3). Undefined for any other pattern.
 */
export function withoutDefaultPort(pattern: string): string | undefined {
  const [, written = '*', host = '', port, path = '/'] = WITH_DEFAULT_PORT.exec(pattern) ?? [];
  const scheme = port === '80' ? 'http' : 'https';
  const named = written.toLowerCase();
  const fits = named.endsWith('*') ? scheme.startsWith(named.slice(0, -1)) : named === scheme;
  return host === '' || !fits ? undefined : `${scheme}://${host}${path}`;
}

/** Where in a URL a pattern begins. */
function beginning(pattern: string): { readonly from: Beginning; readonly text: string } {
  if (pattern.startsWith('/')) return { from: 'path', text: pattern };
  const [fixed = ''] = pattern.toLowerCase().split('*', 1);
  const hasScheme = ['http://', 'https://'].some((scheme) => scheme.startsWith(fixed) || fixed.startsWith(scheme));
  return { from: hasScheme ? 'scheme' : 'host', text: pattern };
}

// What surely is scheme and host: nothing behind a `*` that may stand for the beginning of the path as well.
const UP_TO_STAR = /^(?:[a-z]*\*?:\/\/)?[^*/?#]*/i;
const UP_TO_SLASH = /^(?:[a-z]*\*?:\/\/)?[^/?#]*(?=\/)/i;

/** Scheme and host have no case (RFC 9110 §4.2.3), and are in lower case in the URLs that are matched. */
function spellings(text: string): string[] {
  const lower = (part: string): string => part.toLowerCase();
  return [text.replace(UP_TO_STAR, lower), text.replace(UP_TO_SLASH, lower)];
}
