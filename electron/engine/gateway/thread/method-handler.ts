import { reasonPhrase } from '../../http/reason-phrases.ts';
import { StreamHandler } from './stream-handler.ts';
import type { ChainReply } from './thread-exchange.ts';

type Method = () => void | Promise<void>;

/**
 * A handler with a method for each of the request's methods, in the manner of Python's BaseHTTPRequestHandler: define
 * `do_GET`, `do_POST` … A method that nobody defined is answered with 501, HEAD by `do_GET` without its body, OPTIONS
 * with the methods there are, and a method that {@link knownMethods} names but this handler lacks with 405.
 */
export class MethodHandler extends StreamHandler {
  /** Methods that exist for this path, if not here: they are answered with 405 and Allow instead of 501. */
  knownMethods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
  #status: { readonly code: number; readonly reason: string } | undefined;
  #fields: string[] = [];

  override handle(): void | Promise<void> {
    const method = this.#find(this.command) ?? (this.command === 'HEAD' ? this.#find('GET') : undefined);
    if (method !== undefined) return method.call(this);
    if (this.command === 'OPTIONS') return this.#options();
    if (!this.knownMethods.includes(this.command)) {
      return this.sendError(501, `Unsupported method (${JSON.stringify(this.command)})`);
    }
    return this.sendError(405, `${this.command} is not allowed here`, ['Allow', this.allowed().join(', ')]);
  }

  /** The methods that this handler answers. */
  allowed(): string[] {
    const methods = new Set(['OPTIONS']);
    const collect = (names: readonly string[]): void => {
      for (const name of names) if (/^do_[A-Z]+$/.test(name)) methods.add(name.slice(3));
    };
    collect(Object.getOwnPropertyNames(this));
    let prototype = Object.getPrototypeOf(this) as object | null;
    while (prototype !== null) {
      collect(Object.getOwnPropertyNames(prototype));
      prototype = Object.getPrototypeOf(prototype) as object | null;
    }
    if (methods.has('GET')) methods.add('HEAD');
    return [...methods].sort();
  }

  /** Begins a response: its status, and the phrase unless the usual one is meant. */
  sendResponse(code: number, reason = reasonPhrase(code)): void {
    this.#status = { code, reason };
    this.#fields = [];
  }

  /** Adds a field to the response that was begun. */
  sendHeader(name: string, value: string): void {
    this.#fields.push(name, value);
  }

  /** The head is complete; what is written now is the body. */
  endHeaders(): void {
    if (this.#status === undefined) throw new Error('endHeaders was called before sendResponse.');
    this.respond(this.#status.code, this.#fields, this.#status.reason);
  }

  /** A whole response that tells of an error, as plain text. */
  async sendError(code: number, text = reasonPhrase(code), headers: readonly string[] = []): Promise<void> {
    const body = new TextEncoder().encode(`${code} ${text}\n`);
    const fields = ['Content-Type', 'text/plain; charset=utf-8', 'Content-Length', String(body.length)];
    this.respond(code, [...fields, ...headers]);
    await this.write(body);
  }

  /** Passes a reply of the chain on. */
  async sendReply(reply: ChainReply): Promise<void> {
    this.respond(reply.status, reply.headers, reply.reason);
    for await (const piece of reply.body) await this.write(piece);
  }

  #find(method: string): Method | undefined {
    if (!/^[A-Z]+$/.test(method)) return undefined;
    const found: unknown = (this as unknown as Record<string, unknown>)[`do_${method}`];
    return typeof found === 'function' ? (found as Method) : undefined;
  }

  #options(): void {
    this.respond(204, ['Allow', this.allowed().join(', ')]);
  }
}
