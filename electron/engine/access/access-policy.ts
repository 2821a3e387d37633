import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { BlockList, isIPv6 } from 'node:net';
import type { Settings } from '../../../shared/settings.ts';
import type { Malformed } from '../http/request-head.ts';
import type { FailureLimits } from './failure-limits.ts';
import { NOBODYS_HASH, verifyPassword } from './password-hash.ts';

/** Logins that were right are remembered as digests: checking a password takes as long as it is meant to. */
const MAX_REMEMBERED = 1_000;

/** Who may use the proxy, as the settings say. Made once for each change of them. */
export class AccessPolicy {
  /** Whether there are users, and so everyone must be one. */
  readonly wantsLogin: boolean;
  readonly #users: ReadonlyMap<string, string>;
  /** Checked for names that nobody has, so that these take as long as others. */
  readonly #nobodys: string;
  readonly #allowed: BlockList | undefined;
  readonly #limits: FailureLimits;
  readonly #now: () => number;
  readonly #pass: Buffer;
  readonly #key = randomBytes(32);
  readonly #remembered = new Map<string, Buffer>();

  /** @param pass credentials of this process for itself, as they stand in a field; nobody else may know them. */
  constructor({ users, allow }: Settings['access'], limits: FailureLimits, now: () => number, pass: string) {
    this.#users = new Map(users.map(({ name, password }) => [name, password]));
    this.#nobodys = users[0]?.password ?? NOBODYS_HASH;
    this.wantsLogin = users.length > 0;
    this.#allowed = allow.length === 0 ? undefined : blockList(allow);
    this.#limits = limits;
    this.#now = now;
    this.#pass = Buffer.from(pass);
  }

  /** Says whether a request with these credentials comes from this process. */
  admitsInside(credentials: string): boolean {
    const bytes = Buffer.from(credentials);
    return bytes.length === this.#pass.length && timingSafeEqual(bytes, this.#pass);
  }

  /** @param ip without port and brackets. */
  admitsAddress(ip: string): boolean {
    if (this.#allowed === undefined) return true;
    const plain = plainAddress(ip);
    return this.#allowed.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  }

  /** Checks a name and a password that came from `ip`; what is wrong with them, or nothing. Never rejects. */
  async logIn(ip: string, name: string, password: string): Promise<Malformed | undefined> {
    const digest = createHmac('sha256', this.#key).update(`${name}:${password}`).digest();
    const known = this.#remembered.get(name);
    if (known !== undefined && timingSafeEqual(known, digest)) return undefined;
    const wait = this.#limits.begin(ip, this.#now());
    if (wait > 0) return { error: 'TOO_MANY_FAILURES', detail: `Try again in ${wait} s.` };
    const hash = this.#users.get(name);
    let right: boolean;
    try {
      right = await verifyPassword(password, hash ?? this.#nobodys);
    } catch (thrown) {
      return { error: 'CREDENTIALS_REQUIRED', detail: `They could not be checked: ${String(thrown)}` };
    }
    if (!right || hash === undefined) return { error: 'CREDENTIALS_REQUIRED', detail: 'Those that came are wrong.' };
    this.#limits.succeeded(ip);
    if (this.#remembered.size < MAX_REMEMBERED) this.#remembered.set(name, digest);
    return undefined;
  }
}

function blockList(blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [base = '', prefix] = block.split('/');
    const family = isIPv6(base) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(base, family);
    else list.addSubnet(base, Number(prefix), family);
  }
  return list;
}

/** An IPv4 client of a socket that takes both has its address mapped (RFC 4291 §2.5.5.2). */
function plainAddress(ip: string): string {
  return ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}
