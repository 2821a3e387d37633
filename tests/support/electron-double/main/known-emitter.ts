import { EventEmitter } from 'node:events';
import { notImplemented } from './strict.ts';

/** An emitter that refuses listeners for events that nothing here would ever emit. */
export class KnownEmitter extends EventEmitter {
  constructor(name: string, events: readonly string[]) {
    super();
    this.on('newListener', (event: string | symbol) => {
      if (!events.includes(String(event))) throw notImplemented(name, `event "${String(event)}"`);
    });
  }

  /** Emits an event whose consequence listeners can prevent; returns whether it may take place. */
  emitCancelable(event: string, details: object = {}): boolean {
    let allowed = true;
    this.emit(event, { ...details, preventDefault: () => (allowed = false) });
    return allowed;
  }
}
