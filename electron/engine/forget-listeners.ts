import { EventEmitter } from 'node:events';
import type { Http2Stream } from 'node:http2';

/**
 * To be called when a stream of HTTP/2 is closed, by its last listener. Node keeps the streams of a session in a Map, whose old
 * tables keep dead streams alive (see TransientMap); what listens to them, whole exchanges, would live as long.
 */
export function forgetListeners(stream: Http2Stream): void {
  // Those of this very event are called all the same, and nothing is emitted after it. Whoever hears of each that is removed,
  // as Node itself does, goes first, so that the others go at once.
  EventEmitter.prototype.removeAllListeners.call(stream, 'removeListener');
  EventEmitter.prototype.removeAllListeners.call(stream);
}
