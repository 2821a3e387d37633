import type { BodyFile } from './body-files.ts';

/** Body files of dropped entries: they go only after the commit, because a crash before it brings the entry back. */
export class DoomedFiles {
  readonly #delete: (file: BodyFile) => void;
  /** In the order of the batches. */
  #files: { readonly batch: number; readonly file: BodyFile }[] = [];

  constructor(remove: (file: BodyFile) => void) {
    this.#delete = remove;
  }

  /** @param batch that drops the entry */
  add(file: BodyFile, batch: number): void {
    this.#files.push({ batch, file });
  }

  /** Every batch up to this one is committed. */
  settle(written: number): void {
    const kept = this.#files.findIndex(({ batch }) => batch > written);
    const over = this.#files.splice(0, kept < 0 ? this.#files.length : kept);
    for (const { file } of over) this.#delete(file);
  }
}
