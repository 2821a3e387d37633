import variant from '@jitl/quickjs-wasmfile-release-sync';
import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten-core';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { pacFunctions } from './pac-functions.ts';

/** ms of CPU that one run of a script may take: real ones take less than one. */
const MAX_RUN_MS = 250;
const MAX_MEMORY = 8 * 1024 * 1024;
const MAX_STACK = 128 * 1024;

/**
 * ms of CPU that this thread has had: that a machine is busy with something else is not the script's fault. Before 23.9 Node
 * knows those of the clock alone.
 */
function spent(): number {
  const usage = (process as Partial<NodeJS.Process>).threadCpuUsage?.();
  return usage === undefined ? performance.now() : (usage.user + usage.system) / 1000;
}

/** An interpreter of its own for each script, so that one which breaks its own breaks no other. */
function interpreter(): Promise<QuickJSWASMModule> {
  return newQuickJSWASMModuleFromVariant(variant);
}

/** What a run of a script came to: its answer, or the host that it wanted to have resolved first. */
export type PacRun = { readonly answer: string } | { readonly needs: string };

/** What a script may define to be asked, the first that there is. */
const ENTRIES = ['FindProxyForURL', 'FindProxyForURLEx'] as const;

/** Marks the end of a run that has to wait for DNS. */
const WAIT = 'waiting for DNS';

/**
 * A PAC script in an interpreter of its own, compiled to WebAssembly: it reaches its arguments, the PAC functions and
 * nothing of this process. Memory and stack are bounded, and time between its steps: what blocks inside of a built-in
 * function needs a thread that can be ended (pac-client.ts).
 */
export class PacSandbox {
  readonly #context: QuickJSContext;
  #deadline = 0;
  #resolve: (name: string) => readonly string[] | undefined = () => [];
  #needs: string | undefined;

  private constructor(module: QuickJSWASMModule, script: string, myAddresses: readonly string[]) {
    const runtime = module.newRuntime();
    runtime.setMemoryLimit(MAX_MEMORY);
    runtime.setMaxStackSize(MAX_STACK);
    runtime.setInterruptHandler(() => this.#needs !== undefined || spent() > this.#deadline);
    this.#context = runtime.newContext();
    this.#define(myAddresses);
    this.#deadline = spent() + MAX_RUN_MS;
    this.#take(this.#context.evalCode(script, 'proxy.pac')).dispose();
  }

  /** Rejects with what is wrong with `script`. */
  static async load(script: string, myAddresses: readonly string[]): Promise<PacSandbox> {
    return new PacSandbox(await interpreter(), script, myAddresses);
  }

  /**
   * Runs FindProxyForURL once, as browsers do, or where there is none FindProxyForURLEx. Throws what the script throws, and
   * when it takes too much.
   *
   * @param resolve the addresses of a host name, none when it has none, undefined when that is not known yet.
   */
  run(url: string, host: string, resolve: (name: string) => readonly string[] | undefined): PacRun {
    const context = this.#context;
    this.#resolve = resolve;
    this.#needs = undefined;
    this.#deadline = spent() + MAX_RUN_MS;
    const args = [context.newString(url), context.newString(host)];
    const functions = ENTRIES.map((name) => context.getProp(context.global, name));
    try {
      const find = functions.find((one) => context.typeof(one) === 'function');
      if (find === undefined) throw new Error('it has no function FindProxyForURL');
      const answer = this.#take(context.callFunction(find, context.undefined, ...args));
      const value: unknown = context.dump(answer);
      answer.dispose();
      // A script may catch what ends its run, but its answer is worth nothing then.
      return this.#waiting() ?? { answer: typeof value === 'string' ? value : '' };
    } catch (error) {
      const waiting = this.#waiting();
      if (waiting !== undefined) return waiting;
      throw error;
    } finally {
      for (const handle of [...args, ...functions]) handle.dispose();
    }
  }

  #waiting(): PacRun | undefined {
    return this.#needs === undefined ? undefined : { needs: this.#needs };
  }

  #define(myAddresses: readonly string[]): void {
    const context = this.#context;
    const functions = pacFunctions({
      myAddresses,
      get now() {
        return new Date();
      },
      resolve: (name) => this.#lookUp(name),
    });
    for (const [name, call] of Object.entries(functions)) {
      const handle = context.newFunction(name, (...args) =>
        this.#give(call(...args.map((arg): unknown => context.dump(arg)))),
      );
      context.setProp(context.global, name, handle);
      handle.dispose();
    }
  }

  #lookUp(name: string): readonly string[] {
    const known = this.#resolve(name);
    if (known !== undefined) return known;
    this.#needs = name;
    throw new Error(WAIT);
  }

  #give(value: string | number | boolean | null): QuickJSHandle {
    const context = this.#context;
    if (typeof value === 'string') return context.newString(value);
    if (typeof value === 'number') return context.newNumber(value);
    return value === null ? context.null : value ? context.true : context.false;
  }

  /** The value of a result; throws the script's error in words. */
  #take(result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
    if (result.error === undefined) return result.value;
    const error: unknown = this.#context.dump(result.error);
    result.error.dispose();
    const { name = 'Error', message = String(error) } = error as { name?: string; message?: string };
    throw new Error(message === 'interrupted' ? `it took more than ${MAX_RUN_MS} ms` : `${name}: ${message}`);
  }
}
