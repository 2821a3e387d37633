import * as v from 'valibot';

/** One reverse upstream that origin-form requests can be sent to. */
const upstreamSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/, 'an upstream id has 1 to 40 of a-z, 0-9 and -')),
  label: v.pipe(v.string(), v.trim(), v.minLength(1, 'an upstream needs a label'), v.maxLength(80)),
  /** Absolute http(s) URL; a path becomes a prefix. */
  url: v.pipe(
    v.string(),
    v.check(isOriginUrl, 'an upstream URL is http://host[:port][/path] or https://…, without user, query or fragment'),
  ),
});

const mib = 1024 * 1024;

/** Every setting that can change while the engine runs, with its default. The one source for flags, files and the UI. */
export const settingsSchema = v.object({
  cache: v.optional(
    v.object({
      mode: v.optional(v.picklist(['off', 'shared', 'private', 'snapshot']), 'shared'),
      /** Bytes of stored responses kept in memory. */
      maxBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 256 * mib),
      /** Whether responses tell the cache's decision in a Cache-Status field (RFC 9211). */
      cacheStatus: v.optional(v.boolean(), true),
    }),
    {},
  ),
  upstreams: v.optional(v.pipe(v.array(upstreamSchema), v.maxLength(100)), []),
  /** `demo` for the built-in site, an id of `upstreams`, or `none`: then origin-form requests get a help page. */
  activeUpstream: v.optional(v.string(), 'demo'),
  record: v.optional(
    v.object({
      /** `full` keeps heads and bodies, `head` only heads, `off` only a row. */
      level: v.optional(v.picklist(['full', 'head', 'off']), 'full'),
      paused: v.optional(v.boolean(), false),
      /** Bytes of each body that are captured. */
      bodyCap: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), mib),
      /** Exchanges kept; older ones are evicted. */
      maxExchanges: v.optional(v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(1_000_000)), 100_000),
      /** Bytes the session may take on disk. */
      maxBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(16 * mib)), 1024 * mib),
    }),
    {},
  ),
  timeouts: v.optional(
    v.object({
      /** Milliseconds; 0 waits for ever. */
      connect: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 10_000),
      head: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 120_000),
      body: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 300_000),
    }),
    {},
  ),
});

export type Settings = v.InferOutput<typeof settingsSchema>;
export type Upstream = v.InferOutput<typeof upstreamSchema>;

/** A partial change: groups are merged key by key, lists are replaced. */
export type SettingsPatch = {
  readonly [G in keyof Settings]?: Settings[G] extends readonly unknown[] | string ? Settings[G] : Partial<Settings[G]>;
};

function isOriginUrl(text: string): boolean {
  return /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/i.test(text);
}

/** All defaults. */
export function defaultSettings(): Settings {
  return v.parse(settingsSchema, {});
}

/**
 * `settings` with `patch` merged in: groups key by key, lists and plain values replaced.
 * @throws {v.ValiError} when the result is not valid.
 */
export function mergeSettings(settings: Settings, patch: SettingsPatch): Settings {
  const merged: Record<string, unknown> = { ...settings };
  for (const [key, value] of Object.entries(patch)) {
    const before = merged[key];
    merged[key] = isGroup(before) && isGroup(value) ? { ...before, ...value } : value;
  }
  return v.parse(settingsSchema, merged);
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
