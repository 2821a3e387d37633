import type { SystemProxyStatus } from '../../shared/clients-contract.ts';
import type { Finding } from '../../shared/health-contract.ts';

/** What is known of Hopscope's surroundings. What could not be found out is undefined. */
export interface HealthFacts {
  readonly wantedPort: number;
  readonly usedPort: number | undefined;
  readonly intercepts: boolean;
  /** Whether this system trusts the authority. */
  readonly trusted: boolean | undefined;
  /** The command that has it trusted. */
  readonly trustCommand: string;
  readonly systemProxy: SystemProxyStatus['state'] | undefined;
  /** Whether a client has sent anything in this run. */
  readonly clientSeen: boolean;
  readonly clocks: readonly ClockSample[];
  readonly directory: string;
  /** Why nothing can be written there. */
  readonly writeError: string | undefined;
  readonly freeBytes: number | undefined;
  readonly storeTrouble: readonly string[];
}

/** What one answer of an origin says of the time. */
export interface ClockSample {
  readonly host: string;
  /** Milliseconds by which our clock was ahead of its `Date`. */
  readonly ahead: number;
}

/** Milliseconds that clocks may differ, with a round trip and the seconds that a `Date` leaves out. */
const CLOCK_TOLERANCE = 60_000;
/** Origins that must agree: one whose clock is wrong says nothing of ours. */
const ENOUGH_HOSTS = 2;
const ENOUGH_SPACE = 256 * 1024 * 1024;

/** What is not as it should be, the worst first. */
export function healthFindings(facts: HealthFacts): Finding[] {
  const { wantedPort, usedPort, directory, writeError, freeBytes, storeTrouble, systemProxy } = facts;
  const findings: Finding[] = [];
  if (writeError !== undefined) findings.push({ id: 'data-directory', directory, reason: writeError });
  else if (freeBytes !== undefined && freeBytes < ENOUGH_SPACE)
    findings.push({ id: 'disk-full', directory, freeBytes });
  if (storeTrouble.length > 0) findings.push({ id: 'cache-store', reasons: storeTrouble });
  // Port 0 asks for any.
  if (wantedPort !== 0 && usedPort !== undefined && usedPort !== wantedPort) {
    findings.push({ id: 'port-taken', wanted: wantedPort, used: usedPort });
  }
  const clock = clockFinding(facts.clocks);
  if (clock !== undefined) findings.push(clock);
  if (facts.intercepts && facts.trusted === false) findings.push({ id: 'ca-untrusted', command: facts.trustCommand });
  if (!facts.clientSeen && systemProxy !== 'on') findings.push({ id: 'not-used', canSet: systemProxy === 'off' });
  return findings;
}

/** The median over origins, each with its own median: many answers of one do not outvote the others. */
function clockFinding(samples: readonly ClockSample[]): Finding | undefined {
  const byHost = Map.groupBy(samples, ({ host }) => host);
  const each = [...byHost.values()].map((ofHost) => median(ofHost.map(({ ahead }) => ahead)));
  const off = each.filter((ahead) => Math.abs(ahead) > CLOCK_TOLERANCE);
  const ahead = median(each);
  if (off.length < ENOUGH_HOSTS || Math.abs(ahead) <= CLOCK_TOLERANCE) return undefined;
  return { id: 'clock', ahead: Math.round(ahead), hosts: each.length };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
