/** Failed attempts that one address may have in a window. */
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;
/** Addresses that are kept in mind; the oldest go first. */
const MAX_ADDRESSES = 10_000;

interface Failures {
  count: number;
  readonly since: number;
}

/** Counts failed attempts to log in by address, and says when there were too many of them for now. */
export class FailureLimits {
  readonly #byAddress = new Map<string, Failures>();

  /**
   * Counts an attempt that is about to be made, so that many at once count, too. Returns how many seconds it must wait
   * instead; 0 when it may go ahead.
   *
   * @param now milliseconds of any clock that does not go back.
   */
  begin(address: string, now: number): number {
    const key = keyOf(address);
    let failures = this.#byAddress.get(key);
    if (failures === undefined || now - failures.since >= WINDOW_MS) {
      failures = { count: 0, since: now };
      this.#byAddress.delete(key);
      this.#byAddress.set(key, failures);
      this.#forgetOldest();
    }
    if (failures.count >= MAX_FAILURES) return Math.ceil((failures.since + WINDOW_MS - now) / 1_000);
    failures.count += 1;
    return 0;
  }

  /** The attempt was none of those that are counted. */
  succeeded(address: string): void {
    const failures = this.#byAddress.get(keyOf(address));
    if (failures !== undefined) failures.count = Math.max(0, failures.count - 1);
  }

  #forgetOldest(): void {
    if (this.#byAddress.size <= MAX_ADDRESSES) return;
    const oldest = this.#byAddress.keys().next();
    if (oldest.done !== true) this.#byAddress.delete(oldest.value);
  }
}

/** Whoever has an IPv6 address has the 2^64 beside it, too. */
function keyOf(address: string): string {
  return address.includes(':')
    ? (new URL(`http://[${address}]`).hostname.split('::')[0] ?? '').split(':', 4).join(':')
    : address;
}
