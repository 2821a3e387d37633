import { MethodHandler } from 'hopscope/handlers';

const finished: string[] = [];

/** A handler class for the tests; the path says what it does. Everything else is left to the chain. */
export class Rules extends MethodHandler {
  override noDelay = false;
  override timeout = 2_000;
  override readBufferSize = 1_000;

  override setup(): void {
    if (this.path === '/setup-throws') throw new Error('in setup');
  }

  async do_GET(): Promise<void> {
    switch (this.path) {
      case '/hello':
        this.sendResponse(200);
        this.sendHeader('Content-Type', 'text/plain');
        this.endHeaders();
        await this.write('Hello ');
        return this.write('from a handler');
      case '/finished':
        return this.sendText(finished.join());
      case '/throws':
        throw new Error('<b>boom</b>');
      case '/loop':
        while (true);
      case '/endless':
        while (true) await this.write(new Uint8Array(65_536));
      case '/number':
        return this.write(404 as never);
      case '/early':
        // Answers without waiting for the chain.
        this.next().catch(() => undefined);
        return this.sendText('early'.repeat(40_000));
      case '/teapot':
        return this.sendError(418, 'I am a teapot');
      case '/twice':
        await this.next();
        return this.sendReply(await this.next());
      default:
        return this.sendReply(await this.next());
    }
  }

  async do_POST(): Promise<void> {
    if (this.path === '/forward') return this.sendReply(await this.next());
    const line = new TextDecoder().decode(await this.reader.readLine());
    const three = new TextDecoder().decode(await this.reader.read(3));
    const rest = await this.reader.read();
    return this.sendText(JSON.stringify([line, three, rest.length]));
  }

  override async finish(): Promise<void> {
    finished.push(this.path);
    await super.finish();
  }

  private sendText(text: string): Promise<void> {
    this.respond(200, ['Content-Type', 'text/plain']);
    return this.write(text);
  }
}
