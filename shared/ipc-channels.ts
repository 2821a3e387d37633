import type { EventName, RequestName } from './contract.ts';

/** The IPC channel of a request: preload invokes it, the main process handles it. */
export function requestChannel(name: RequestName): string {
  return `hopscope:request:${name}`;
}

/** The IPC channel on which the main process tells that its engine is there, or is not. */
export const CONNECTION_CHANNEL = 'hopscope:connection';

/** The IPC channel of an event, from the main process to preload. */
export function eventChannel(name: EventName): string {
  return `hopscope:event:${name}`;
}
