import * as v from 'valibot';
import { hostRule } from './host-rule.ts';

const rule = hostRule(
  { suffix: true, block: true, words: ['<local>'] },
  'a host is a name (* for any run of characters), .suffix, an address, a CIDR block or <local>, without a port',
);
const MOST = 500;
const TOO_MANY = 'at most 500 hosts';

/** Also with what earlier versions saved unchecked: it matches nothing, and must not cost the other settings. */
const savedRule = v.pipe(v.string(), v.trim(), v.minLength(1));

/** What each setting of the system's proxy may be, without its default. */
export const systemProxyEntries = {
  /** Hosts that programs reach without Hopscope while it is the system's proxy. Most never send loopback to a proxy. */
  bypass: v.pipe(v.array(rule), v.maxLength(MOST, TOO_MANY)),
};

/** The settings of the system's proxy with their defaults, to be composed with the others. */
export const systemProxySettings = {
  systemProxy: v.optional(
    v.object({
      bypass: v.optional(v.pipe(v.array(savedRule), v.maxLength(MOST, TOO_MANY)), [
        'localhost',
        '127.0.0.1',
        '::1',
        '<local>',
        '*.local',
      ]),
    }),
    {},
  ),
};
