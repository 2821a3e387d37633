import { randomBytes, scrypt, scryptSync, timingSafeEqual } from 'node:crypto';

const COST = 16_384;
const BLOCK_SIZE = 8;
const PARALLEL = 1;
const HASH_BYTES = 32;
/** What no check needs more of; the settings' schema bounds the parameters. */
const MAX_MEMORY = 512 * 1024 * 1024;

/** A salted hash of `password`, as `scrypt$N$r$p$salt$hash` (RFC 7914). Takes some 50 ms, on purpose. */
export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  const options = { N: COST, r: BLOCK_SIZE, p: PARALLEL, maxmem: MAX_MEMORY };
  const hash = scryptSync(password, salt, HASH_BYTES, options);
  return `scrypt$${COST}$${BLOCK_SIZE}$${PARALLEL}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** Says whether `password` is what `hash`, made by {@link hashPassword}, was made of. Works outside of the main thread. */
export function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, N, r, p, salt = '', digest = ''] = hash.split('$');
  const wanted = Buffer.from(digest, 'base64');
  const options = { N: Number(N), r: Number(r), p: Number(p), maxmem: MAX_MEMORY };
  return new Promise((resolve, reject) => {
    scrypt(password, Buffer.from(salt, 'base64'), wanted.length, options, (error, made) => {
      if (error === null) resolve(timingSafeEqual(made, wanted));
      else reject(error);
    });
  });
}
