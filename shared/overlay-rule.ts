import * as v from 'valibot';

// RFC 9110 §5.6.2, in lower case.
const LOWER_TOKEN = /^[a-z0-9!#$%&'*+\-.^_`|~]+$/;

/** Whole seconds, at most 2³¹, which is what RFC 9111 §1.2.2 asks a cache to be able to hold. */
export const secondsSchema = v.pipe(
  v.number('seconds are a number'),
  v.integer('seconds are a whole number'),
  v.minValue(0, 'seconds are 0 or more'),
  v.maxValue(2 ** 31, 'seconds are 2147483648 at most'),
);

/** Names of targeted fields in order of priority (RFC 9213 §2.2). */
export const targetedFieldsSchema = v.pipe(
  v.array(v.pipe(v.string(), v.regex(LOWER_TOKEN, 'a targeted field is a field name in lower case'), v.maxLength(100))),
  v.maxLength(20, 'at most 20 targeted fields'),
);

const flag = v.exactOptional(v.boolean('true or false'));
const names = v.pipe(
  v.array(v.pipe(v.string(), v.minLength(1, 'a query parameter needs a name'), v.maxLength(200))),
  v.maxLength(100, 'at most 100 query parameters'),
);

const NO_PATTERN = 'an overlay needs a pattern; * alone stands for every URL';

// Another scheme than those that are cached matches nothing, nor does a blank, or what no host begins with.
const MATCHES_SOME_URL = /^(?:[*/]|https?:\/\/|(?![a-z][a-z0-9+.-]*:\/\/)[^.:?#@])\S*$/i;

/**
 * What a user may change about the cache's rules, for the URLs that a pattern matches. A decision in which one makes the
 * cache depart from the RFC is marked so; never to store and always to ask are a cache's right. Unknown names are refused:
 * a typing error must not look like a rule.
 */
export const overlayRuleSchema = v.strictObject({
  /** Shown in explanations. */
  name: v.pipe(v.string(), v.trim(), v.minLength(1, 'an overlay needs a name'), v.maxLength(80)),
  /**
   * A URL pattern: `*` stands for any run of characters; without one the pattern is a prefix of the URL. It may leave out
   * the scheme, or begin with the path.
   */
  pattern: v.pipe(
    v.string(),
    v.trim(),
    v.minLength(1, NO_PATTERN),
    v.maxLength(2_000),
    v.regex(
      MATCHES_SOME_URL,
      'no URL matches this: a pattern is a whole URL of http or https, host/path or /path, or begins with * as in */path',
    ),
  ),
  /** Seconds of freshness instead of whatever the response says. */
  fixedLifetime: v.exactOptional(secondsSchema),
  /** Seconds of freshness at least. */
  minLifetime: v.exactOptional(secondsSchema),
  ignoreNoStore: flag,
  ignorePrivate: flag,
  ignoreVary: flag,
  /** Leaves Cookie out of Vary and Set-Cookie out of what is stored. */
  ignoreCookies: flag,
  ignoreAuthorization: flag,
  /** Query parameters that are left out of the cache key; `true` for the whole query. */
  dropQuery: v.exactOptional(v.union([v.literal(true), names], 'true, or a list of query parameters')),
  /** Orders the query's parameters in the cache key. */
  sortQuery: flag,
  neverCache: flag,
  alwaysRevalidate: flag,
});

const savedRuleSchema = v.strictObject({
  ...overlayRuleSchema.entries,
  pattern: v.pipe(v.string(), v.minLength(1, NO_PATTERN), v.maxLength(2_000)),
});

const MOST = 100;
const TOO_MANY = 'at most 100 overlays';

export const overlaysSchema = v.pipe(v.array(overlayRuleSchema), v.maxLength(MOST, TOO_MANY));

/** Also with rules saved by earlier versions, whose patterns nobody had checked: what is refused now must not cost the rest. */
export const savedOverlaysSchema = v.pipe(v.array(savedRuleSchema), v.maxLength(MOST, TOO_MANY));
