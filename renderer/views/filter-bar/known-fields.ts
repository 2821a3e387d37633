/** Names of fields that are worth offering before any has been seen. */
export const KNOWN_FIELDS: readonly string[] = [
  ...['accept', 'accept-encoding', 'age', 'authorization', 'cache-control', 'content-encoding', 'content-type'],
  ...['cookie', 'date', 'etag', 'expires', 'if-modified-since', 'if-none-match', 'last-modified', 'location'],
  ...['origin', 'pragma', 'range', 'referer', 'server', 'set-cookie', 'user-agent', 'vary', 'via', 'x-cache'],
];
