/**
 * Prepares a URL pattern: `*` stands for any run of characters; without one the pattern is a prefix of the URL.
 *
 * @returns says whether a URL matches, in one pass over it
 */
export function urlPattern(pattern: string): (uri: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (uri) => uri.startsWith(first);
  // The leftmost place for each part is always good enough, so no URL takes more than one pass, as it may with a RegExp.
  return (uri) => {
    if (!uri.startsWith(first)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = uri.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return uri.length - last.length >= at && uri.endsWith(last);
  };
}
