import type { Annotation } from '../../../shared/annotation.ts';
import type { MessageEntry } from '../../../shared/messages.ts';
import type { TraceEvent } from '../../../shared/trace-event.ts';

/**
 * A session as a stream: what every kind of recording is read as, and what every kind is written from. An exchange comes
 * first, then its bodies and messages in pieces, until the next exchange. Ids, sequence numbers and times are those of the
 * run that recorded it.
 */
export type SessionItem = BeginningExchange | BodyPiece | RecordedMessage | LostMessages;

export interface BeginningExchange {
  readonly kind: 'exchange';
  /** Begins with `exchange.started`. */
  readonly events: readonly TraceEvent[];
  /**
   * Stands for the bytes of the response's body, which a cache may have served again and again: they follow where the name
   * comes for the first time, and are the same wherever it comes again.
   */
  readonly bodyName?: string;
  /** What a person has noted about it. */
  readonly annotation?: Annotation;
}

export interface BodyPiece {
  readonly kind: 'body';
  readonly side: 'request' | 'response';
  readonly bytes: Uint8Array;
}

/** What is told of a message, apart from its payload. */
export type MessageFacts = Omit<MessageEntry, 'index' | 'preview' | 'close' | 'captured'>;

export interface RecordedMessage {
  readonly kind: 'message';
  readonly facts: MessageFacts;
  readonly payload: Uint8Array;
}

/** The next `BLOCK_HEADS` messages were not kept. */
export interface LostMessages {
  readonly kind: 'lost-messages';
}

/** The longest payload of a message that is passed on whole; of a longer one its beginning is. */
export const MAX_PAYLOAD = 16 * 1024 * 1024;
/** Bodies are passed on in pieces of this size; a multiple of three, for the sake of base64. */
export const BODY_PIECE = 192 * 1024;
