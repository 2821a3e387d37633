import { createHash, randomBytes, scrypt, scryptSync, timingSafeEqual } from 'node:crypto';
import { apr1 } from './apr1.ts';
import { verifyBcrypt } from './verify-bcrypt.ts';

const COST = 16_384;
const BLOCK_SIZE = 8;
const PARALLEL = 1;
const HASH_BYTES = 32;
/** What no check needs more of; the settings' schema bounds the parameters. */
const MAX_MEMORY = 512 * 1024 * 1024;
const OPTIONS = { N: COST, r: BLOCK_SIZE, p: PARALLEL, maxmem: MAX_MEMORY };

/** Checked for names that nobody has, so that these take as long as others. No password is what it was made of. */
export const NOBODYS_HASH = `scrypt$${COST}$${BLOCK_SIZE}$${PARALLEL}$${'A'.repeat(22)}==$${'A'.repeat(43)}=`;

/** A salted hash of `password`, as `scrypt$N$r$p$salt$hash` (RFC 7914). Takes some 50 ms, on purpose. */
export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  return format(salt, scryptSync(password, salt, HASH_BYTES, OPTIONS));
}

/** As {@link hashPassword}, outside of the main thread. */
export async function hashPasswordAside(password: string): Promise<string> {
  const salt = randomBytes(16);
  return format(salt, await derive(password, salt, HASH_BYTES, OPTIONS));
}

/**
 * Says whether `password` is what `hash` was made of: by {@link hashPassword}, or by htpasswd as bcrypt (`$2y$cost$…`),
 * `$apr1$salt$hash` or `{SHA}hash`. Works outside of the main thread.
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  if (hash.startsWith('scrypt$')) return verifyScrypt(password, hash);
  if (hash.startsWith('$2')) return verifyBcrypt(password, hash);
  // These of htpasswd are quick to check: it must neither tell names apart nor make guessing cheaper.
  await verifyScrypt(password, NOBODYS_HASH);
  const [, , salt = ''] = hash.split('$');
  const made = hash.startsWith('{SHA}')
    ? `{SHA}${createHash('sha1').update(password).digest('base64')}`
    : `$apr1$${salt}$${apr1(password, salt)}`;
  return made.length === hash.length && timingSafeEqual(Buffer.from(made), Buffer.from(hash));
}

async function verifyScrypt(password: string, hash: string): Promise<boolean> {
  const [, N, r, p, salt = '', digest = ''] = hash.split('$');
  const wanted = Buffer.from(digest, 'base64');
  const options = { N: Number(N), r: Number(r), p: Number(p), maxmem: MAX_MEMORY };
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), wanted.length, options), wanted);
}

function derive(password: string, salt: Buffer, length: number, options: typeof OPTIONS): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, made) => {
      if (error === null) resolve(made);
      else reject(error);
    });
  });
}

function format(salt: Buffer, hash: Buffer): string {
  return `scrypt$${COST}$${BLOCK_SIZE}$${PARALLEL}$${salt.toString('base64')}$${hash.toString('base64')}`;
}
