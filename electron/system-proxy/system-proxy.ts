import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { SystemProxyStatus } from '../../shared/clients-contract.ts';
import { StoreLock } from '../engine/cache/stores/store-lock.ts';
import { whyNotWritten } from '../engine/write-trouble.ts';
import type { Journal } from './journal.ts';
import { readJournal, writeJournal } from './journal.ts';
import { proxyScript } from './proxy-script.ts';
import type { Command, ProxyState, ProxySystem, Run } from './proxy-system.ts';
import { perform } from './proxy-system.ts';
import { ScriptServer } from './script-server.ts';
import type { Undone } from './undo.ts';
import { undo } from './undo.ts';
import { Watchdog } from './watchdog.ts';

/** What a {@link SystemProxy} works with. */
export interface SystemProxyOptions {
  /** Where the journal and the lock are kept: one place for each user of the machine, as the setting is. */
  readonly directory: string;
  /** The system whose setting it is; undefined where there is none that we know. */
  readonly system: ProxySystem | undefined;
  /** Gives the system that a journal names. */
  readonly find: (name: Journal['system']) => ProxySystem;
  readonly run: Run;
  /** What starts the watchdog. */
  readonly watchdog: Command;
  /** Address (`host:port`) of the proxy; undefined while it does not listen. */
  readonly proxy: () => string | undefined;
  /** Hosts that are reached without it. */
  readonly bypass: () => readonly string[];
}

/** How many times what the system holds may have changed between two looks. */
const CHANGING = 3;
/** How often (ms), and how many times, a lock is tried that a watchdog may have for a moment. */
const TRY_MS = 100;
const TRIES = 20;

/** What we hold while the system uses our script. */
interface Held {
  readonly lock: StoreLock;
  readonly scripts: ScriptServer;
  readonly watchdog: Watchdog;
  readonly url: string;
}

/**
 * The system's proxy, set to us and back. What it was is in a journal on the disk before anything is changed; whoever comes
 * first restores it: {@link turnOff}, a watchdog when this process ends otherwise, or {@link recover} at the next start.
 */
export class SystemProxy {
  readonly #options: SystemProxyOptions;
  #held: Held | undefined;
  /** One change at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SystemProxyOptions) {
    this.#options = options;
  }

  /** Sets the system's proxy to us. @throws {Error} with a sentence when that is not possible; then nothing is changed. */
  turnOn(): Promise<void> {
    return this.#inTurn(async () => {
      // Somebody may have set something else since.
      if (this.#held !== undefined) await this.#letGo(this.#held);
      this.#held = await this.#take();
    });
  }

  /** Sets the system's proxy back, unless somebody else has set another one since. */
  turnOff(): Promise<Undone | undefined> {
    return this.#inTurn(async () => {
      const held = this.#held;
      if (held === undefined) return undefined;
      return this.#letGo(held);
    });
  }

  /** Undoes what a run before left behind, if any did and nobody else is at it. */
  recover(): Promise<Undone | undefined> {
    return this.#inTurn(async () => {
      const { directory } = this.#options;
      if (this.#held !== undefined || (await readJournal(directory)) === undefined) return undefined;
      const lock = StoreLock.take(directory);
      if (!(lock instanceof StoreLock)) return undefined;
      try {
        return await this.#undo();
      } finally {
        lock.release();
      }
    });
  }

  /** How it stands now; asks the system. */
  async status(): Promise<SystemProxyStatus> {
    const { system, directory, run } = this.#options;
    if (system === undefined) return { state: 'unsupported' };
    const { label } = system;
    const held = this.#held;
    if (held !== undefined)
      return { state: system.uses(await system.read(run), held.url) ? 'on' : 'replaced', system: label };
    const journal = await readJournal(directory);
    if (journal === undefined) return { state: 'off', system: label };
    return { state: system.uses(await system.read(run), journal.url) ? 'elsewhere' : 'off', system: label };
  }

  async #take(): Promise<Held> {
    const { directory, system, watchdog: command } = this.#options;
    if (system === undefined) throw new Error('Hopscope does not know how the proxy of this system is set.');
    if (this.#options.proxy() === undefined) throw new Error('The proxy does not listen at the moment.');
    await mkdir(directory, { recursive: true, mode: 0o700 }).catch(notKept(directory));
    const lock = await takeLock(directory).catch(notKept(directory));
    try {
      await this.#undo();
      let former: string | undefined;
      const scripts = new ScriptServer(() => {
        const { proxy, bypass } = this.#options;
        return proxyScript({ proxy: proxy(), bypass: bypass(), former });
      });
      try {
        former = await system.manualProxy(this.#options.run);
        const url = await scripts.listen();
        return { lock, scripts, url, watchdog: await this.#change(system, url, command) };
      } catch (error) {
        scripts.close();
        throw error;
      }
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Journal, watchdog, change: in this order, so that there is no moment at which our end would leave the change behind. */
  async #change(system: ProxySystem, url: string, command: Command): Promise<Watchdog> {
    const { run } = this.#options;
    let before = await system.read(run);
    await this.#note(system, url, before);
    const watchdog = await Watchdog.start(command);
    try {
      // That took a while, in which the machine may have slept: what a VPN has set since is what is to be set back.
      for (let tries = 0; tries < CHANGING; tries++) {
        const now = await system.read(run);
        if (isDeepStrictEqual(now, before)) break;
        before = now;
        await this.#note(system, url, before);
      }
      await perform(run, system.write(before, system.withScript(before, url)));
      if (!system.uses(await system.read(run), url)) throw new Error(`${system.label} did not take the proxy.`);
      return watchdog;
    } catch (error) {
      await this.#undo();
      watchdog.stop();
      throw error;
    }
  }

  async #note(system: ProxySystem, url: string, before: ProxyState): Promise<void> {
    const { directory } = this.#options;
    const ours = system.withScript(before, url);
    await writeJournal(directory, { version: 1, system: system.name, url, before, ours }).catch(notKept(directory));
  }

  async #letGo({ lock, scripts, watchdog }: Held): Promise<Undone | undefined> {
    const undone = await this.#undo();
    this.#held = undefined;
    scripts.close();
    lock.release();
    watchdog.stop();
    return undone;
  }

  #undo(): Promise<Undone | undefined> {
    const { directory, run, find } = this.#options;
    return undo(directory, run, find);
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#last.then(change, change);
    this.#last = done.catch(() => {
      // Whoever asked for that change was told.
    });
    return done;
  }
}

/** Without a note of what it was, nothing is changed. */
function notKept(directory: string): (error: unknown) => never {
  return (error) => {
    // What is not the disk's, such as a lock that another has, has its sentence already.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    const why = whyNotWritten(error);
    throw new Error(`The system's proxy was not set, because what it was cannot be kept in ${directory}: ${why}`, {
      cause: error,
    });
  };
}

/** Waits for a watchdog that is just at it. @throws {Error} when another Hopscope keeps the lock. */
async function takeLock(directory: string): Promise<StoreLock> {
  for (let tries = 1; ; tries++) {
    const lock = StoreLock.take(directory);
    if (lock instanceof StoreLock) return lock;
    if (tries >= TRIES)
      throw new Error(`Another Hopscope (process ${lock.owner ?? 'unknown'}) has set the system's proxy.`);
    await sleep(TRY_MS);
  }
}

/** What a watchdog does when its process has ended: undo what is left, once nobody else is at it. */
export async function undoLeftover(options: Pick<SystemProxyOptions, 'directory' | 'run' | 'find'>): Promise<void> {
  const { directory, run, find } = options;
  if ((await readJournal(directory)) === undefined) return;
  const lock = await takeLock(directory);
  try {
    await undo(directory, run, find);
  } finally {
    lock.release();
  }
}
