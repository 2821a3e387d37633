import * as v from 'valibot';
import { fullBlock, isAddress, isAddressOrBlock } from './address-block.ts';
import { isHostName } from './host-rule.ts';

const CIDR_RULE = 'an allowed client is an address or a CIDR block, as in 192.168.0.0/16, 10/8 or fd00::/8';
const HASH_RULE =
  'a password is kept as scrypt$N$r$p$salt$hash, or by htpasswd as $2y$cost$hash, $apr1$salt$hash or {SHA}hash';

const HOST_NAME_RULE = 'a host name has letters, digits, - and dots, and neither port nor path';
const MOST_HOSTS = 200;
const TOO_MANY_HOSTS = 'at most 200 host names';

const user = v.strictObject({
  // RFC 7617 §2: Basic credentials have no colon in the name; RFC 1929 holds at most 255 bytes.
  name: v.pipe(
    v.string(),
    v.minLength(1, 'a user needs a name'),
    v.maxLength(255, 'a user name has at most 255 characters'),
    v.regex(/^[^:\u0000-\u001f\u007f]+$/, 'a user name has neither colons nor control characters'),
  ),
  /**
   * What stands for the password: `scrypt$N$r$p$salt$hash`, salt and hash as base64 (RFC 7914), or one of the forms of
   * htpasswd: bcrypt, MD5 or SHA-1.
   */
  password: v.pipe(v.string(), v.check(isHash, HASH_RULE)),
});

/** What each setting of access may be, without its default. */
export const accessEntries = {
  /** Who may log in; when there is anybody, everyone must. */
  users: v.pipe(
    v.array(user),
    v.maxLength(1_000, 'at most 1,000 users'),
    v.check((list) => new Set(list.map(({ name }) => name)).size === list.length, 'two users have the same name'),
  ),
  /** Clients that may connect, by address or CIDR block; empty for all. */
  allow: v.pipe(
    v.array(v.pipe(v.string(), v.trim(), v.transform(fullBlock), v.check(isAddressOrBlock, CIDR_RULE))),
    v.maxLength(1_000, 'at most 1,000 blocks are allowed'),
  ),
  /** Host names by which browsers may ask for the active upstream, besides this machine's own. */
  hosts: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.trim(),
        v.toLowerCase(),
        v.check((text) => isHostName(text) || isAddress(text), HOST_NAME_RULE),
      ),
    ),
    v.maxLength(MOST_HOSTS, TOO_MANY_HOSTS),
  ),
};

/** Also with what earlier versions saved unchecked: it is nobody's name, and must not cost the other settings. */
const savedHosts = v.pipe(
  v.array(v.pipe(v.string(), v.trim(), v.toLowerCase(), v.minLength(1))),
  v.maxLength(MOST_HOSTS, TOO_MANY_HOSTS),
);

/** The settings of access with their defaults, to be composed with the others. */
export const accessSettings = {
  access: v.optional(
    v.object({
      users: v.optional(accessEntries.users, []),
      allow: v.optional(accessEntries.allow, []),
      hosts: v.optional(savedHosts, []),
    }),
    {},
  ),
};

const UNPROTECTED =
  'other machines can reach the proxy: say who may use it, with --auth USER:PASSWORD or --allow CIDR, or in access.users or access.allow';

/** Access to a proxy that other machines can reach: somebody must be named, by login or by address. */
export const remoteAccess = v.pipe(
  v.object({ users: v.array(v.unknown()), allow: v.array(v.unknown()) }),
  v.check(({ users, allow }) => users.length + allow.length > 0, UNPROTECTED),
);

/** Of bcrypt the costs that htpasswd offers, 4 to 17. */
const BY_HTPASSWD =
  /^(?:\$2[aby]\$(?:0[4-9]|1[0-7])\$[./0-9A-Za-z]{53}|\$apr1\$[^$]{1,8}\$[./0-9A-Za-z]{22}|\{SHA\}[A-Za-z0-9+/]{27}=)$/;

/** The parameters are bounded so that nobody can make a check take for ever. */
function isHash(text: string): boolean {
  const match =
    /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$[A-Za-z0-9+/]{10,200}={0,2}\$[A-Za-z0-9+/]{20,200}={0,2}$/.exec(text);
  if (match === null) return BY_HTPASSWD.test(text);
  const [cost, size, parallel] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const powerOfTwo = cost >= 2 && (cost & (cost - 1)) === 0;
  return powerOfTwo && size >= 1 && parallel >= 1 && cost * size * parallel <= 2 ** 21;
}
