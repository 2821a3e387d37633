import type { WebSocketClose } from '../../../shared/messages.ts';
import type { Outcome } from '../../../shared/trace-event.ts';
import type { DeflateAgreement, FrameProblem } from '../../../shared/websocket.ts';
import { ABNORMAL_CLOSE, closeCodeMeaning, describeFrameProblem, NO_CLOSE_CODE } from '../../../shared/websocket.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { MessageSink } from '../chain/exchange-trace.ts';
import type { TunnelWatch } from '../chain/tunnel-watch.ts';
import { FrameRecorder } from './frame-recorder.ts';

/** Notes about broken rules on one exchange: the list of messages marks every frame, so a few will do. */
const MAX_NOTES = 5;

/**
 * Records the frames of a WebSocket while they pass. Frames that break RFC 6455 pass like any other: it is for the
 * endpoint that gets them to fail the connection (§7.1.7), and what it does then is what one wants to see.
 */
export class WebSocketWatch implements TunnelWatch {
  readonly name = 'websocket';
  readonly #x: Exchange;
  readonly #sink: MessageSink;
  readonly #client: FrameRecorder;
  readonly #server: FrameRecorder;
  #close: WebSocketClose | undefined;
  #notes = 0;

  /**
   * @param deflate what permessage-deflate was agreed to mean, if it was.
   * @param reserved the reserved bits that extensions use: RSV1 = 4, RSV2 = 2, RSV3 = 1.
   */
  constructor(x: Exchange, sink: MessageSink, deflate: DeflateAgreement | undefined, reserved: number) {
    this.#x = x;
    this.#sink = sink;
    const recorder = (role: 'client' | 'server', keeps: boolean | undefined): FrameRecorder =>
      new FrameRecorder({
        ...{ role, reserved, sink, deflate: keeps === undefined ? undefined : { keeps } },
        onProblem: (problems) => this.#note(role, problems),
        onClose: (payload) => this.#closing(role, payload),
      });
    this.#client = recorder('client', deflate?.clientKeeps);
    this.#server = recorder('server', deflate?.serverKeeps);
  }

  sent(chunk: Uint8Array): void {
    this.#client.parser.push(chunk, this.#x.trace.now());
  }

  received(chunk: Uint8Array): void {
    this.#server.parser.push(chunk, this.#x.trace.now());
  }

  ended(first: 'client' | 'upstream', outcome: Outcome): Outcome {
    this.#client.parser.end();
    this.#server.parser.end();
    const close = this.#close;
    if (close !== undefined) {
      this.#sink.closed(close);
      // Whatever becomes of the connection after a Close frame, the WebSocket was closed as it should be.
      return { kind: 'completed' };
    }
    const by = outcome.kind === 'aborted' ? outcome.by : first;
    this.#sink.closed({ by, code: ABNORMAL_CLOSE, reason: '' });
    if (outcome.kind !== 'completed') return { ...outcome, phase: this.name };
    const message = `The ${first} ended the connection without a Close frame (${ABNORMAL_CLOSE}).`;
    return { kind: 'aborted', by: first, phase: this.name, message };
  }

  #closing(role: 'client' | 'server', payload: Uint8Array): void {
    if (this.#close !== undefined) return;
    const by = role === 'client' ? 'client' : 'upstream';
    const code = payload.length < 2 ? NO_CLOSE_CODE : ((payload[0] as number) << 8) | (payload[1] as number);
    const reason = new TextDecoder().decode(payload.subarray(2));
    this.#close = { by, code, reason };
    const said = reason === '' ? '' : `: ${reason}`;
    this.#x.trace.note('info', 'WEBSOCKET_CLOSED', `The ${by} closed with ${code}, ${closeCodeMeaning(code)}${said}.`);
  }

  #note(role: 'client' | 'server', problems: readonly FrameProblem[]): void {
    this.#notes++;
    if (this.#notes > MAX_NOTES) return;
    const what = problems.map(describeFrameProblem).join(' ');
    const more = this.#notes === MAX_NOTES ? ' Further ones are marked in the list of messages only.' : '';
    this.#x.trace.note('warning', 'WEBSOCKET_VIOLATION', `A frame from the ${role} breaks RFC 6455. ${what}${more}`);
  }
}
