import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { GroupTree } from './group-tree.ts';
import type { Group } from './group-tree.ts';
import type { TraceIndex } from './trace-index.ts';
import type { TraceStore } from './trace-store.ts';
import type { Grouping, UiStore } from './ui-store.ts';

/** Groups are counted anew so often while traffic goes on, or less often when counting takes long. */
const PACE_MS = 250;
/** Counting may take this share of the time. */
const SHARE = 0.05;

/**
 * What stands in the list, line by line: the ids of exchanges, and where they are grouped also those of groups, which are
 * negative. Without grouping these are the listed ids themselves, and nothing is done for it.
 */
export class ListLines {
  /** Grows when groups have other lines than before. */
  readonly store: StoreApi<{ readonly version: number }> = createStore(() => ({ version: 0 }));
  readonly #index: TraceIndex;
  #tree: GroupTree | undefined;
  #lines: readonly number[] = [];
  /** What the person has opened and closed, by key. */
  #opened = new Map<string, boolean>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #cost = 0;

  constructor(index: TraceIndex) {
    this.#index = index;
  }

  /** Follows the list and the wished grouping until the returned function is called. */
  follow(trace: TraceStore, ui: UiStore): () => void {
    this.#group(ui.getState().grouping);
    const ends = [
      trace.subscribe(() => this.#request()),
      ui.subscribe((state, before) => {
        if (state.grouping === before.grouping) return;
        this.#group(state.grouping);
        ui.setState({ groupCursor: null });
      }),
    ];
    return () => {
      clearTimeout(this.#timer);
      for (const end of ends) end();
    };
  }

  get grouped(): boolean {
    return this.#tree !== undefined;
  }

  get ids(): readonly number[] {
    return this.#tree === undefined ? this.#index.view : this.#lines;
  }

  /** Where a line is; for an exchange in a closed group, and for a group in another, where that one is. */
  positionOf(line: number): { readonly index: number; readonly found: boolean } {
    if (this.#tree === undefined) return this.#index.positionOf(line);
    const index = this.#lines.indexOf(line);
    if (index >= 0) return { index, found: true };
    let group = line < 0 ? this.#tree.groupAt(line)?.parent : this.#tree.groupOf(line);
    for (; group !== undefined; group = group.parent) {
      const at = this.#lines.indexOf(group.line);
      if (at >= 0) return { index: at, found: false };
    }
    return { index: 0, found: false };
  }

  groupAt(line: number): Group | undefined {
    return this.#tree?.groupAt(line);
  }

  /** The group that an exchange is right under; undefined without grouping. */
  groupOf(id: number): Group | undefined {
    return this.#tree?.groupOf(id);
  }

  groupByKey(key: string | null): Group | undefined {
    return key === null ? undefined : this.#tree?.groupByKey(key);
  }

  idsUnder(group: Group): number[] {
    return this.#tree?.idsUnder(group.line) ?? [];
  }

  isOpen(group: Group): boolean {
    // A single host need not be opened to see anything.
    return this.#opened.get(group.key) ?? (group.parent === undefined && this.#tree?.rootCount === 1);
  }

  setOpen(group: Group, open: boolean): void {
    if (this.isOpen(group) === open) return;
    this.#opened.set(group.key, open);
    this.#arrange();
  }

  setAllOpen(open: boolean): void {
    this.#opened = new Map(this.#tree?.groups().map(({ key }) => [key, open]));
    this.#arrange();
  }

  #group(grouping: Grouping): void {
    this.#tree = grouping === 'none' ? undefined : new GroupTree(this.#index, grouping === 'path');
    if (this.#tree === undefined) this.store.setState(({ version }) => ({ version: version + 1 }));
    else this.#count();
  }

  #request(): void {
    if (this.#tree === undefined) return;
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#count();
      },
      Math.max(PACE_MS, this.#cost / SHARE),
    );
  }

  #count(): void {
    const begun = performance.now();
    this.#tree?.build(this.#index.view);
    this.#arrange();
    this.#cost = performance.now() - begun;
  }

  #arrange(): void {
    this.#lines = this.#tree?.lines((group) => this.isOpen(group)) ?? [];
    this.store.setState(({ version }) => ({ version: version + 1 }));
  }
}
