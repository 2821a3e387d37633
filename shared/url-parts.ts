/** A URL cut for display, without normalising anything: what was asked for is what is shown. */
export interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  /** Path and query, beginning with `/`, or empty. */
  readonly path: string;
}

/** Cuts `url` at the first `://` and the first `/`, `?` or `#` after it. Text without a scheme counts as host and path. */
export function splitUrl(url: string): UrlParts {
  const schemeEnd = url.indexOf('://');
  const scheme = schemeEnd > 0 ? url.slice(0, schemeEnd) : '';
  const from = schemeEnd > 0 ? schemeEnd + 3 : 0;
  if (from === 0 && url.startsWith('/')) return { scheme, host: '', path: url };
  const end = hostEnd(url, from);
  return { scheme, host: url.slice(from, end), path: url.slice(end) };
}

const [SLASH, QUESTION, HASH] = [0x2f, 0x3f, 0x23];

/** Character by character: this is done for every row of a sort. */
function hostEnd(url: string, from: number): number {
  for (let end = from; end < url.length; end++) {
    const code = url.charCodeAt(end);
    if (code === SLASH || code === QUESTION || code === HASH) return end;
  }
  return url.length;
}
