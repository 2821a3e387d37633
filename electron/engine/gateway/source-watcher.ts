import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { messageOf } from '../../../shared/message-of.ts';

/** An editor's save is several changes: what comes within this many milliseconds is one. */
const SETTLE_MS = 80;

/** Watches source files, by their folders, because editors replace files rather than write to them. */
export class SourceWatcher {
  readonly #onChange: () => void;
  readonly #onError: (sentence: string) => void;
  readonly #folders = new Map<string, { readonly names: Set<string>; readonly watcher: FSWatcher }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(onChange: () => void, onError: (sentence: string) => void) {
    this.#onChange = onChange;
    this.#onError = onError;
  }

  /** Adds files to those that are watched. */
  add(files: readonly string[]): void {
    for (const file of files) {
      const folder = dirname(file);
      const names = this.#folders.get(folder)?.names ?? this.#open(folder);
      names?.add(basename(file));
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const { watcher } of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  #open(folder: string): Set<string> | undefined {
    const names = new Set<string>();
    try {
      const watcher = watch(folder, (_event, name) => {
        if (name !== null && names.has(name)) this.#changed();
      });
      watcher.on('error', (error) => this.#onError(`${folder} is not watched any more: ${error.message}`));
      this.#folders.set(folder, { names, watcher });
    } catch (error) {
      this.#onError(`${folder} cannot be watched: ${messageOf(error)}`);
      return undefined;
    }
    return names;
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onChange, SETTLE_MS);
  }
}
