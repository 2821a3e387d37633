import * as v from 'valibot';

const rule = v.pipe(
  v.string(),
  v.trim(),
  v.regex(
    /^(?:<local>|[A-Za-z0-9.*_:-]+)$/,
    'a host is a name (* for any run of characters), .suffix, an address or <local>',
  ),
  v.maxLength(255),
);

/** What each setting of the system's proxy may be, without its default. */
export const systemProxyEntries = {
  /** Hosts that programs reach without Hopscope while it is the system's proxy. Most never send loopback to a proxy. */
  bypass: v.pipe(v.array(rule), v.maxLength(500, 'at most 500 hosts')),
};

/** The settings of the system's proxy with their defaults, to be composed with the others. */
export const systemProxySettings = {
  systemProxy: v.optional(
    v.object({
      bypass: v.optional(systemProxyEntries.bypass, ['localhost', '127.0.0.1', '::1', '<local>', '*.local']),
    }),
    {},
  ),
};
