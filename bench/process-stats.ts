import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all its descendants have used. */
export interface ProcessStats {
  /** CPU time, user and system, in milliseconds (the kernel counts in ticks of 10). */
  readonly cpu: number;
  /** Resident memory in bytes; pages that processes share are counted for each. */
  readonly rss: number;
}

/** Linux reports CPU time in these many ticks a second, on every architecture that Node runs on. */
const ticksPerSecond = 100;
const pageBytes = 4096;

interface Entry extends ProcessStats {
  readonly pid: number;
  readonly parent: number;
}

/** Reads /proc; undefined where there is none. */
export function processStats(root: number): ProcessStats | undefined {
  const entries = readAll();
  if (!entries) return undefined;
  const family = new Set([root]);
  // A child's number may be lower than its parent's, so this repeats until nobody joins.
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const { pid, parent } of entries) if (family.has(parent)) family.add(pid);
  }
  const members = entries.filter(({ pid }) => family.has(pid));
  return {
    cpu: members.reduce((sum, { cpu }) => sum + cpu, 0),
    rss: members.reduce((sum, { rss }) => sum + rss, 0),
  };
}

function readAll(): Entry[] | undefined {
  if (process.platform !== 'linux') return undefined;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readOne(Number(name)))
    .filter((entry) => entry !== undefined);
}

function readOne(pid: number): Entry | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch (error) {
    // It ended between the listing and now (ESRCH while reading, ENOENT while opening).
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  // The second field is the command in brackets and may hold anything, so fields are counted from its end (proc(5)).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const at = (field: number): number => Number(fields[field - 3]);
  return {
    pid,
    parent: at(4),
    cpu: ((at(14) + at(15)) * 1000) / ticksPerSecond,
    rss: at(24) * pageBytes,
  };
}

/** Samples the resident memory of a process tree until stopped; the answer is the highest, in bytes. */
export function watchPeakMemory(pid: number, everyMs = 100): () => number | undefined {
  let peak: number | undefined;
  const sample = (): void => {
    const rss = processStats(pid)?.rss;
    if (rss !== undefined) peak = Math.max(peak ?? 0, rss);
  };
  sample();
  const timer = setInterval(sample, everyMs);
  return () => {
    clearInterval(timer);
    sample();
    return peak;
  };
}
