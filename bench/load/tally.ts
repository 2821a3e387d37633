/** What the connections of one load generator have counted together. */
export interface Tally {
  /** Milliseconds of each good answer. */
  readonly latencies: number[];
  wrong: number;
  broken: number;
}

/**
 * Keeps `connections` busy for `seconds` and prints what they counted as the one line of JSON that run-load.ts reads.
 *
 * @param keepBusy one connection's work until `deadline`, in the time of `performance.now`
 */
export async function runConnections(
  { connections, seconds: wanted }: { readonly connections: number; readonly seconds: number },
  keepBusy: (deadline: number, tally: Tally) => Promise<void>,
): Promise<void> {
  const tally: Tally = { latencies: [], wrong: 0, broken: 0 };
  const started = performance.now();
  const deadline = started + wanted * 1000;
  await Promise.all(Array.from({ length: connections }, () => keepBusy(deadline, tally)));
  const seconds = (performance.now() - started) / 1000;
  const sorted = tally.latencies.sort((a, b) => a - b);
  const percentile = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const { wrong, broken } = tally;
  console.log(
    JSON.stringify({ requests: sorted.length, seconds, p50: percentile(0.5), p99: percentile(0.99), wrong, broken }),
  );
}
