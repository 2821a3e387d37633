import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** How often requests are sent: as many at a time as the rate asks for. */
const TICK_MS = 5;
const CONNECTIONS = 16;
const ANSWER = 'HTTP/1.1 200';

/** Requests at a steady rate over keep-alive connections, answered or not: whoever cannot keep up shows it. */
export class PacedLoad {
  readonly #sockets: Socket[];
  readonly #target: string;
  #sent = 0;
  #answered = 0;

  /** @param target of each request; `{n}` in it stands for its number */
  private constructor(sockets: Socket[], target: string) {
    this.#sockets = sockets;
    this.#target = target;
    for (const socket of sockets) this.#count(socket);
  }

  static async open(url: string, target: string): Promise<PacedLoad> {
    const { hostname, port } = new URL(url);
    const opening = Array.from({ length: CONNECTIONS }, async () => {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      return socket.setNoDelay();
    });
    return new PacedLoad(await Promise.all(opening), target);
  }

  /** Sends `rate` requests a second for `seconds`. Resolves when all are answered, with their number. */
  async run(rate: number, seconds: number): Promise<number> {
    const begun = performance.now();
    const total = Math.round(rate * seconds);
    const first = this.#sent;
    while (this.#sent - first < total) {
      const due = Math.min(total, Math.round(((performance.now() - begun) / 1000) * rate));
      while (this.#sent - first < due) this.#send();
      await setTimeout(TICK_MS);
    }
    while (this.#answered < this.#sent) await setTimeout(TICK_MS);
    return total;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #send(): void {
    const socket = this.#sockets[this.#sent % this.#sockets.length] as Socket;
    const target = this.#target.replace('{n}', String(this.#sent++));
    socket.write(`GET ${target} HTTP/1.1\r\nHost: bench.test\r\n\r\n`);
  }

  #count(socket: Socket): void {
    let rest = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      const text = rest + chunk;
      let at = text.indexOf(ANSWER);
      let end = 0;
      for (; at >= 0; at = text.indexOf(ANSWER, end)) {
        this.#answered++;
        end = at + ANSWER.length;
      }
      rest = text.slice(Math.max(end, text.length - ANSWER.length + 1));
    });
  }
}
