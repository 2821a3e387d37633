import type { FrameProblem } from './websocket.ts';

/** How many messages passed on a WebSocket or an event stream. A frame counts for one, and so does an event. */
export interface MessageCounts {
  /** By the client. */
  readonly sent: number;
  /** By the client. */
  readonly received: number;
  /** Of these, how many are not in the list: for a cap, or for a disk that was too slow or full. */
  readonly lost: number;
}

/** How a WebSocket was closed (RFC 6455 §7.1.5, §7.1.6). */
export interface WebSocketClose {
  /** Who sent its Close frame first or, without one, ended the connection first. */
  readonly by: 'client' | 'upstream' | 'hopscope';
  /** 1005 for a Close frame without a code, 1006 for an end without a Close frame. */
  readonly code: number;
  readonly reason: string;
}

/**
 * What a recorded message is: a frame of a WebSocket by its opcode, an event of an event stream, or a part of that which
 * makes no event, such as a comment. The order is part of the contract: `messages.kinds` tells kinds by their number here.
 */
export const MESSAGE_KINDS = [
  'continuation',
  'text',
  'binary',
  'close',
  'ping',
  'pong',
  'reserved',
  'event',
  'comment',
] as const;

export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Set in a byte of `messages.kinds` for what the client sent. */
export const SENT_BIT = 128;
/** A byte of `messages.kinds` for a message that was not kept. */
export const KIND_LOST = 127;

/** One message as a list shows it. Its payload is read with `messages.payload`. */
export interface MessageEntry {
  /** Its place in the exchange, from 0. */
  readonly index: number;
  /** When its first bytes passed, in engine time. */
  readonly at: number;
  readonly direction: 'sent' | 'received';
  readonly kind: MessageKind;
  /** The last frame of a WebSocket message; true for everything else. */
  readonly fin: boolean;
  /** Payload bytes on the wire; of an event, without content codings. */
  readonly size: number;
  /** Payload bytes that can be read; of a compressed message those of the whole message after inflating it. */
  readonly captured: number;
  /** Why fewer bytes can be read than there were, if so. */
  readonly truncated?: 'cap' | 'backlog' | 'aborted';
  /** The message was compressed (RFC 7692): `inflated` can be read as it was meant, `compressed` only as it passed. */
  readonly coding?: 'inflated' | 'compressed';
  /** What RFC 6455 does not allow about it. */
  readonly problems: readonly FrameProblem[];
  /** The payload's beginning: as text or, where it is none, in hexadecimal. */
  readonly preview: string;
  /** For a Close frame. */
  readonly close?: { readonly code: number; readonly reason: string };
}

/** A part of the list of messages. Entries that were not kept are missing. */
export interface MessagePage {
  /** Messages so far, lost ones included: indexes go from 0 to this. */
  readonly total: number;
  readonly entries: readonly MessageEntry[];
}

/** Which part of the list of messages is wanted. */
export interface MessageRange {
  readonly id: number;
  readonly from: number;
  readonly limit: number;
}

/** Which part of one message's payload is wanted. */
export interface PayloadRange {
  readonly id: number;
  readonly index: number;
  readonly offset: number;
  readonly length: number;
}
