/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** What is measured inside the page, by its own clock and in its own frames. Times are in milliseconds. */
export interface Probe {
  /** From typing a filter to the frame in which other rows are counted. */
  readonly filter: (text: string) => Promise<number>;
  /** From pressing a column's title to the frame in which another row comes first. */
  readonly sort: (column: string) => Promise<number>;
  /** Every frame while the list scrolls by `pixels` a frame. */
  readonly scroll: (frames: number, pixels: number) => Promise<number[]>;
  /** Every frame while the arrow down is held in the list, from its first row. */
  readonly travel: (frames: number) => Promise<number[]>;
  /** From pressing on rows to the frame in which their details are shown, once for each of `count` rows. */
  readonly open: (count: number) => Promise<number[]>;
  /** From pressing a button to the frame in which `selector` is there. */
  readonly press: (button: string, selector: string) => Promise<number>;
  /** Every frame of `ms`, and in each how old the newest row is that is shown. */
  readonly watch: (ms: number) => Promise<{ readonly frames: number[]; readonly lags: number[] }>;
}

declare global {
  interface Window {
    probe: Probe;
  }
}

/** To be evaluated in the page: it refers to nothing outside of itself. */
export function installProbe(): void {
  const frame = async (): Promise<number> => {
    const { promise, resolve } = Promise.withResolvers<number>();
    requestAnimationFrame(resolve);
    return promise;
  };
  const find = (selector: string): HTMLElement => {
    const element = document.querySelector<HTMLElement>(selector);
    if (element === null) throw new Error(`there is no ${selector}`);
    return element;
  };
  const rest = (ms: number): Promise<unknown> => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    setTimeout(resolve, ms);
    return promise;
  };
  const until = async (holds: () => boolean): Promise<number> => {
    const begun = performance.now();
    while (!holds()) {
      if (performance.now() - begun > 20_000) throw new Error('it did not happen within 20 s');
      await frame();
    }
    return performance.now() - begun;
  };
  const framesOf = async (count: number, step: () => void): Promise<number[]> => {
    const frames: number[] = [];
    let last = await frame();
    for (let i = 0; i < count; i++) {
      step();
      const now = await frame();
      frames.push(now - last);
      last = now;
    }
    return frames;
  };
  const firstRow = (): string => document.querySelector('.request-row[aria-rowindex="2"]')?.id ?? '';
  const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('.request-row')];
  const list = (): HTMLElement => find('#request-list');

  window.probe = {
    filter(text) {
      const input = find('#filter') as HTMLInputElement;
      const before = document.querySelector('.status-bar .fact')?.textContent;
      // The setter of the element itself: React would take the field for unchanged otherwise.
      input.focus();
      Reflect.set(HTMLInputElement.prototype, 'value', text, input);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      return until(() => document.querySelector('.status-bar .fact')?.textContent !== before);
    },
    sort(column) {
      const before = firstRow();
      find(`.head-cell[data-column="${column}"] .head-title`).click();
      return until(() => firstRow() !== before && firstRow() !== '');
    },
    scroll: (frames, pixels) =>
      framesOf(frames, () => {
        list().scrollTop += pixels;
      }),
    async travel(frames) {
      const press = (key: string): boolean =>
        list().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      const selected = (): number =>
        Number(document.querySelector('.request-row[aria-selected=true]')?.getAttribute('aria-rowindex'));
      press('Home');
      // The row that names itself is there a frame later.
      await until(() => selected() === 2);
      const times = await framesOf(frames, () => press('ArrowDown'));
      await until(() => selected() === 2 + frames);
      return times;
    },
    async open(count) {
      const times: number[] = [];
      for (let i = 0; i < count; i++) {
        // Nobody presses on the next row within a few frames of the last; who does is taken for passing it.
        await rest(150);
        const row = rows()[10 + (i % 10)];
        const path = row?.querySelector('[data-column=path]')?.textContent ?? '';
        // The heading is there before the exchange has been read.
        const shown = (): string =>
          document.querySelector('.details-tabs[aria-busy=false] .details-url')?.textContent ?? '';
        const begun = performance.now();
        row?.querySelector('.cell')?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }));
        await until(() => shown().includes(path));
        times.push(performance.now() - begun);
      }
      return times;
    },
    press(button, selector) {
      find(button).click();
      return until(() => document.querySelector(selector) !== null);
    },
    async watch(ms) {
      const lags: number[] = [];
      const frames: number[] = [];
      const end = performance.now() + ms;
      let last = await frame();
      while (last < end) {
        const newest = rows().reduce<HTMLElement | undefined>(
          (a, b) => (a !== undefined && a.offsetTop > b.offsetTop ? a : b),
          undefined,
        );
        const time = newest?.querySelector('[data-column=time]')?.textContent ?? '';
        const [hours = NaN, minutes = NaN, seconds = NaN] = time.split(':').map(Number);
        const now = new Date();
        const began = new Date(now).setHours(hours, minutes, 0, 0) + seconds * 1000;
        if (!Number.isNaN(began)) lags.push(now.getTime() - began);
        const next = await frame();
        frames.push(next - last);
        last = next;
      }
      return { frames, lags };
    },
  };
}
