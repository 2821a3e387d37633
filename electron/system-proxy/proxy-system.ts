/** A program to run, with its exact arguments. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** Whether it only tells running programs, so that nothing is lost when it fails. */
  readonly optional?: true;
}

export interface CommandOutput {
  readonly code: number;
  readonly stdout: string;
  /** What it had to say of a failure, where that was kept. */
  readonly stderr?: string;
}

/** Runs a command to its end, whatever its exit code; rejects when it cannot be run. */
export type Run = (command: Command) => Promise<CommandOutput>;

/**
 * What a system holds about its proxy, as it stands there: values by key, in groups that only mean something together (all of
 * GNOME's; one network service's on macOS). Null for a key that is not set.
 */
export type ProxyState = Readonly<Record<string, ProxyGroup>>;
export type ProxyGroup = Readonly<Record<string, string | null>>;

/** How one kind of system is asked about its proxy and told another: pure but for `run`. */
export interface ProxySystem {
  readonly name: 'gnome' | 'kde' | 'macos' | 'windows';
  /** For people. */
  readonly label: string;
  /** The key, in each group, that holds a script's address. */
  readonly address: string;
  /** Reads what {@link write} may change. Rejects when the system cannot be asked. */
  read(run: Run): Promise<ProxyState>;
  /** Address (`host:port`) of the proxy that is used without us, if it is one by hand. */
  manualProxy(run: Run): Promise<string | undefined>;
  /** The state that differs from `state` in using the script at `url`. */
  withScript(state: ProxyState, url: string): ProxyState;
  /** Whether any part of `state` uses the script at `url`. */
  uses(state: ProxyState, url: string): boolean;
  /**
   * The commands that turn `from` into `to`, including those that tell running programs, which are always there. After each
   * of them a script is used only when its address is there already.
   */
  write(from: ProxyState, to: ProxyState): Command[];
}

/** The keys of a group whose values differ, with those they are to have. */
export function changedKeys(from: ProxyGroup | undefined, to: ProxyGroup): [key: string, value: string | null][] {
  return Object.entries(to).filter(([key, value]) => from?.[key] !== value);
}

/** Runs commands one after the other. @throws {Error} when one fails that matters. */
export async function perform(run: Run, commands: readonly Command[]): Promise<void> {
  for (const command of commands) {
    if (command.optional === true) await tryTo(run, command);
    else await outputOf(run, command);
  }
}

/** A program that nobody has to hear need not be there. */
async function tryTo(run: Run, command: Command): Promise<boolean> {
  try {
    return (await run(command)).code === 0;
  } catch {
    return false;
  }
}

/** What a command printed. @throws {Error} when it failed. */
export async function outputOf(run: Run, command: Command): Promise<string> {
  const { code, stdout, stderr = '' } = await run(command);
  if (code !== 0) {
    const why = stderr.trim() === '' ? '' : `: ${stderr.trim().split('\n', 1).join('')}`;
    throw new Error(`${command.command} ${command.args.join(' ')} failed with exit code ${code}${why}`);
  }
  return stdout;
}
