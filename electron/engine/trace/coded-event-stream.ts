import type { Transform } from 'node:stream';
import { joinedHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { messageOf } from '../../../shared/message-of.ts';
import { contentCodings, contentDecoder, unknownCoding } from '../bodies/content-decoder.ts';
import type { ExchangeTrace } from '../chain/exchange-trace.ts';
import { EventStreamRecording } from './event-stream-recording.ts';
import type { MessageLog } from './message-log.ts';

/** What is asked of the exchange. */
type EventTrace = Pick<ExchangeTrace, 'now' | 'note'> & { messages(): MessageLog };

/** Coded bytes that may wait for being decoded. */
const MAX_WAITING = 1024 * 1024;

/**
 * Finds the events in a body that passes with content codings (RFC 9110 §8.4). These are undone beside the traffic, which
 * does not wait: what comes too fast, or unpacks to more than is ever kept, is not read any further.
 */
export class CodedEventStream {
  readonly #events: EventStreamRecording;
  readonly #trace: EventTrace;
  readonly #limit: number;
  readonly #codings: readonly string[];
  #decoders: readonly Transform[] = [];
  #decoded = 0;
  /** Chunks on their way through the decoders, and the coded bytes among them. */
  #chunks = 0;
  #waiting = 0;
  #stopped = false;
  #settled: PromiseWithResolvers<void> | undefined;

  constructor(log: MessageLog, codings: readonly string[], trace: EventTrace) {
    this.#events = new EventStreamRecording(log);
    this.#trace = trace;
    this.#limit = log.totalCap;
    this.#codings = codings;
  }

  /** @param chunk copied, as its memory may be used again. */
  push(chunk: Uint8Array): void {
    if (this.#stopped || chunk.length === 0) return;
    if (this.#decoders.length === 0) this.#decoders = this.#open(chunk);
    if (this.#waiting + chunk.length > MAX_WAITING) {
      this.#giveUp(`they came faster than ${this.#codings.join(', ')} can be undone.`);
      return;
    }
    this.#waiting += chunk.length;
    this.#write(0, Buffer.from(chunk), () => (this.#waiting -= chunk.length));
  }

  /** Resolves when what has passed is decoded; undefined when it is. */
  settling(): Promise<void> | undefined {
    if (this.#stopped || this.#chunks === 0) return undefined;
    return (this.#settled ??= Promise.withResolvers()).promise;
  }

  end(): void {
    this.#stop();
    this.#events.end();
  }

  #open(head: Uint8Array): Transform[] {
    const codings = this.#codings.toReversed();
    return codings.map((coding, place) => {
      // A single byte does not tell which `deflate` it is.
      const decoder = contentDecoder(coding, place === 0 && head.length > 1 ? head : undefined);
      const last = place === codings.length - 1;
      decoder.on('data', (decoded: Buffer) => {
        if (this.#stopped) return;
        if (last) this.#read(decoded);
        else this.#write(place + 1, decoded);
      });
      decoder.on('error', (error) => this.#giveUp(`${coding} could not be undone (${messageOf(error)}).`));
      // Nothing follows the end of what is coded.
      decoder.on('end', () => last && this.#stop());
      return decoder;
    });
  }

  #write(place: number, bytes: Buffer, done?: () => void): void {
    this.#chunks++;
    this.#decoders[place]?.write(bytes, () => {
      done?.();
      if (--this.#chunks === 0) this.#settle();
    });
  }

  #read(decoded: Buffer): void {
    this.#decoded += decoded.length;
    if (this.#decoded > this.#limit) this.#giveUp('they are more than is kept of one connection.');
    else this.#events.push(decoded, this.#trace.now());
  }

  #giveUp(why: string): void {
    if (this.#stopped) return;
    this.#trace.note('warning', 'EVENTS_UNREAD', `The events from here on are not listed: ${why}`);
    this.#stop();
  }

  #stop(): void {
    this.#stopped = true;
    for (const decoder of this.#decoders) decoder.destroy();
    this.#settle();
  }

  #settle(): void {
    this.#settled?.resolve();
    this.#settled = undefined;
  }
}

/** What finds the events in a body with these fields; undefined for one with a coding that cannot be undone. */
export function readEvents(
  headers: HeaderList,
  trace: EventTrace,
): EventStreamRecording | CodedEventStream | undefined {
  const codings = contentCodings(joinedHeader(headers, 'content-encoding'));
  if (unknownCoding(codings) !== undefined) return undefined;
  const log = trace.messages();
  if (codings.length === 0) return new EventStreamRecording(log);
  return log.totalCap === 0 ? undefined : new CodedEventStream(log, codings, trace);
}
