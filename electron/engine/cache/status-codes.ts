/** What status codes mean to a cache. */

/** Cacheable without explicit freshness (RFC 9110 §15.1, RFC 7725 §3). */
export const HEURISTICALLY_CACHEABLE: ReadonlySet<number> = new Set([
  200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 451, 501,
]);

/** Final status codes whose caching rules are implemented here, which is what must-understand asks for (RFC 9111 §3). */
const UNDERSTOOD: ReadonlySet<number> = new Set([
  ...[200, 201, 202, 203, 204, 205, 206],
  ...[300, 301, 302, 303, 305, 307, 308],
  ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 426],
  ...[428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 511],
]);

/** Says whether this cache knows the caching rules of a status code. */
export function isUnderstood(status: number): boolean {
  return UNDERSTOOD.has(status);
}

/** 428, 429, 431 and 511 must not be stored, whatever their fields say (RFC 6585 §3–§6). */
export const NEVER_STORED: ReadonlySet<number> = new Set([428, 429, 431, 511]);

/** Answers to a condition or range of one request, as a rule, which say nothing to another one (RFC 9110 §15.4.5, §15.5.13, §15.5.17). */
export const ANSWERS_ONE_REQUEST: ReadonlySet<number> = new Set([304, 412, 416]);

/**
 * About the client, its connection or its haste, not about the resource: what is stored for others is as good as before
 * (RFC 9110 §15.5, RFC 6585, RFC 8470 §5.2).
 */
const SAYS_NOTHING: ReadonlySet<number> = new Set([...NEVER_STORED, ...ANSWERS_ONE_REQUEST, 401, 407, 408, 421, 425]);

/** Says whether an answer tells that what is stored for the same request is outdated, even when it must not be stored. */
export function tellsOutdated(status: number): boolean {
  return status < 500 && status !== 206 && !SAYS_NOTHING.has(status);
}

/** Errors that RFC 5861 §4 lets a stale response stand in for. */
export const STALE_IF_ERROR: ReadonlySet<number> = new Set([500, 502, 503, 504]);
