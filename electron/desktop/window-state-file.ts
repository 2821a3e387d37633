import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { messageOf } from '../../shared/message-of.ts';
import type { WindowState } from './window-bounds.ts';
import { windowStateSchema } from './window-bounds.ts';

/** Keeps where the window was, beside what else belongs to it. What cannot be read or written is worth a line, and no more. */
export class WindowStateFile {
  readonly #path: string;
  readonly #log: (sentence: string) => void;

  constructor(directory: string, log: (sentence: string) => void) {
    this.#path = join(directory, 'window.json');
    this.#log = log;
  }

  /** Undefined when there is none yet, or none that makes sense: that one is set aside. */
  read(): WindowState | undefined {
    try {
      return v.parse(windowStateSchema, JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#setAside(error);
      return undefined;
    }
  }

  /** Writes before it returns: the window it is about is being closed. */
  write(state: WindowState): void {
    const temporary = `${this.#path}.tmp`;
    try {
      writeFileSync(temporary, `${JSON.stringify(state)}\n`, { mode: 0o600 });
      renameSync(temporary, this.#path);
    } catch (error) {
      this.#log(`the window's place could not be kept: ${messageOf(error)}`);
    }
  }

  #setAside(reason: unknown): void {
    const aside = `${this.#path}.corrupt`;
    try {
      renameSync(this.#path, aside);
      this.#log(`the window's place in ${this.#path} makes no sense (${messageOf(reason)}); the file is now ${aside}`);
    } catch (error) {
      this.#log(`the window's place in ${this.#path} cannot be read: ${messageOf(error)}`);
    }
  }
}
