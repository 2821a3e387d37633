import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves the auto-configuration script to this machine, at an address that no earlier run had: systems keep scripts. */
export class ScriptServer {
  readonly #server: Server;
  readonly #path = `/${randomBytes(8).toString('hex')}/hopscope.pac`;

  /** @param script gives the script as it is at the moment. */
  constructor(script: () => string) {
    this.#server = createServer((request, response) => {
      if (request.url !== this.#path) {
        response.writeHead(404).end();
        return;
      }
      const headers = { 'Content-Type': 'application/x-ns-proxy-autoconfig', 'Cache-Control': 'no-store' };
      response.writeHead(200, headers).end(script());
    });
  }

  /** Starts it; resolves with the script's address. */
  async listen(): Promise<string> {
    this.#server.listen({ host: '127.0.0.1', port: 0 });
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#path}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
