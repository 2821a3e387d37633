// Peer: http-mitm-proxy with its defaults. It sends a request to whatever the Host field names, so a request hook names the origin.
const [origin = '', folder = ''] = process.argv.slice(2);

/** The part of http-mitm-proxy's interface that is used. The package is installed on demand, so its own types may not be there. */
interface MitmProxy {
  readonly httpPort: number;
  onError(handler: (context: unknown, error: Error) => void): void;
  onRequest(
    handler: (context: { proxyToServerRequestOptions: { host: string; port: number } }, next: () => void) => void,
  ): void;
  listen(
    options: { host: string; port: number; sslCaDir: string; keepAlive: boolean },
    ready: (error?: Error) => void,
  ): void;
}

const name = 'http-mitm-proxy';
const { Proxy: MitmProxy } = (await import(name)) as { Proxy: new () => MitmProxy };
const { hostname, port } = new URL(origin);
const proxy = new MitmProxy();
proxy.onError((_context, error) => console.error(error.message));
proxy.onRequest((context, next) => {
  context.proxyToServerRequestOptions.host = hostname;
  context.proxyToServerRequestOptions.port = Number(port);
  next();
});
proxy.listen({ host: '127.0.0.1', port: 0, sslCaDir: folder, keepAlive: true }, (error) => {
  if (error) throw error;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${proxy.httpPort}` }));
});
process.on('SIGTERM', () => process.exit(0));
