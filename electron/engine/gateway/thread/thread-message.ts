import type { HeaderList } from '../../../../shared/headers.ts';
import type { OutputStream } from '../lane.ts';

/** A request as a thread gets it. */
export interface ThreadRequest {
  readonly environ: Readonly<Record<string, string>>;
  /** As received, for handlers. */
  readonly target: string;
  readonly headers: HeaderList;
  readonly hasBody: boolean;
  readonly expects: boolean;
}

/** What a thread holds. */
export interface ThreadSpec {
  readonly kind: 'application' | 'handler';
  /** Absolute path of the file that exports it. */
  readonly file: string;
  readonly lanes: number;
}

/** Messages to a thread; `lane` is the number of the lane they are about. */
export type ToThread =
  | { readonly type: 'request'; readonly lane: number; readonly serial: number; readonly request: ThreadRequest }
  | { readonly type: 'body'; readonly lane: number; readonly bytes: Uint8Array }
  | { readonly type: 'bodyEnd'; readonly lane: number; readonly complete: boolean }
  /** So many bytes of the response have been passed on. */
  | { readonly type: 'taken'; readonly lane: number; readonly bytes: number }
  | { readonly type: 'abort'; readonly lane: number; readonly serial: number }
  /** What the rest of the chain answered, for a handler that asked. */
  | {
      readonly type: 'reply';
      readonly lane: number;
      readonly status: number;
      readonly reason: string;
      readonly headers: HeaderList;
    }
  | { readonly type: 'replyChunk'; readonly lane: number; readonly bytes: Uint8Array }
  | { readonly type: 'replyEnd'; readonly lane: number; readonly error?: string }
  | { readonly type: 'ping' }
  /** No request follows on any lane. */
  | { readonly type: 'end' };

export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly report: string }
  | { readonly type: 'files'; readonly files: readonly string[] }
  | { readonly type: 'pong' }
  | { readonly type: 'wanted'; readonly lane: number }
  /** So many bytes of the request's body, or of the chain's reply, have been read. */
  | { readonly type: 'read'; readonly lane: number; readonly bytes: number }
  | { readonly type: 'next'; readonly lane: number }
  | { readonly type: 'head'; readonly lane: number; readonly status: string; readonly headers: HeaderList }
  | { readonly type: 'chunk'; readonly lane: number; readonly bytes: Uint8Array }
  /** The response's body is complete, though its length was not known. */
  | { readonly type: 'bodyEnd'; readonly lane: number }
  | { readonly type: 'output'; readonly lane: number; readonly stream: OutputStream; readonly text: string }
  | { readonly type: 'failure'; readonly lane: number; readonly report: string; readonly closing: boolean }
  | { readonly type: 'done'; readonly lane: number; readonly times: Float64Array };

/** Bytes that may be on their way in one direction before the other side has taken some. */
export const WINDOW = 262_144;
