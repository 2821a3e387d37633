import { app } from 'electron';
import type { LaunchWishes } from './launch-wishes.ts';

/** What macOS hands over by events instead of by command line: files and links, also before the app is ready for them. */
export class HandedOver {
  #waiting: LaunchWishes[] = [];
  #take: ((wishes: LaunchWishes) => void) | undefined;

  listen(): void {
    app.on('open-file', (event, path) => {
      event.preventDefault();
      this.#add({ files: [path], links: [] });
    });
    app.on('open-url', (event, url) => {
      event.preventDefault();
      this.#add({ files: [], links: [url] });
    });
  }

  /** Has `take` called with what came and with what comes. */
  deliver(take: (wishes: LaunchWishes) => void): void {
    this.#take = take;
    const waiting = this.#waiting;
    this.#waiting = [];
    waiting.forEach(take);
  }

  #add(wishes: LaunchWishes): void {
    if (this.#take === undefined) this.#waiting.push(wishes);
    else this.#take(wishes);
  }
}
