import { compileGlob } from '../http/glob.ts';

/**
 * Prepares a URL pattern: `*` stands for any run of characters; without one the pattern is a prefix of the URL. A pattern
 * without a scheme begins at the host, and stands for http and https; one that begins with a slash is about the path alone.
 */
export function urlPattern(pattern: string): (uri: string) => boolean {
  const { from, text } = beginning(pattern);
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

/** Where in a URL a pattern begins. */
function beginning(pattern: string): { readonly from: 'scheme' | 'host' | 'path'; readonly text: string } {
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
