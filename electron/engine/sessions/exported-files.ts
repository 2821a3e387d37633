import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Files made for somebody to take away: each stays until it was taken, or until {@link close}. They lie where the system cleans up
 * after a crash.
 */
export class ExportedFiles {
  readonly #paths = new Map<string, string>();
  #directory: string | undefined;

  /** Where another one is to be written, and the id that it is known by; one after the other. */
  async begin(ending: string): Promise<{ readonly id: string; readonly path: string }> {
    this.#directory ??= await mkdtemp(join(tmpdir(), 'hopscope-export-'));
    const name = randomUUID();
    const path = join(this.#directory, name + ending);
    this.#paths.set(`export:${name}`, path);
    return { id: `export:${name}`, path };
  }

  /** Where the file is; undefined when there is none of that id. */
  pathOf(id: string): string | undefined {
    return this.#paths.get(id);
  }

  /** Deletes a file; says whether there was one of that id. */
  async delete(id: string): Promise<boolean> {
    const path = this.#paths.get(id);
    if (path === undefined) return false;
    this.#paths.delete(id);
    await rm(path, { force: true });
    return true;
  }

  async close(): Promise<void> {
    this.#paths.clear();
    if (this.#directory !== undefined) await rm(this.#directory, { recursive: true, force: true });
  }
}
