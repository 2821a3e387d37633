import { createHash } from 'node:crypto';

const ROUNDS = 1_000;
const DIGITS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Which bytes of the digest make four digits together, the last ones two. */
const GROUPS = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5], [11]] as const;

/** The hash of `password` as Apache's htpasswd makes it from MD5, without `$apr1$salt$` before it: 22 characters. */
export function apr1(password: string, salt: string): string {
  const secret = Buffer.from(password, 'utf8');
  const mix = md5(secret, salt, secret);
  const first = createHash('md5').update(secret).update(`$apr1$${salt}`);
  for (let left = secret.length; left > 0; left -= mix.length) first.update(mix.subarray(0, left));
  for (let bits = secret.length; bits > 0; bits >>= 1) first.update((bits & 1) === 1 ? ZERO : secret.subarray(0, 1));
  let digest: Buffer = first.digest();
  for (let round = 0; round < ROUNDS; round++) {
    const odd = (round & 1) === 1;
    const parts: (Buffer | string)[] = [odd ? secret : digest];
    if (round % 3 !== 0) parts.push(salt);
    if (round % 7 !== 0) parts.push(secret);
    parts.push(odd ? digest : secret);
    digest = md5(...parts);
  }
  return GROUPS.map((group) => digits(group, digest)).join('');
}

const ZERO = Buffer.of(0);

function md5(...parts: readonly (Buffer | string)[]): Buffer {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function digits(group: readonly number[], digest: Buffer): string {
  let number = group.reduce((sum, at) => sum * 256 + (digest[at] ?? 0), 0);
  let text = '';
  for (let i = 0; i <= group.length; i++) {
    text += DIGITS[number & 63] ?? '';
    number >>= 6;
  }
  return text;
}
