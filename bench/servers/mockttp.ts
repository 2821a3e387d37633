// Peer: mockttp with its defaults, which record traffic in memory, forwarding everything to the origin; HTTPS is intercepted.
const [origin = ''] = process.argv.slice(2);

/** The part of mockttp's interface that is used. The package is installed on demand, so its own types may not be there. */
interface Mockttp {
  start(): Promise<void>;
  readonly port: number;
  forAnyRequest(): { thenForwardTo(target: string, options: { ignoreHostHttpsErrors: boolean }): Promise<unknown> };
}

interface Module {
  readonly getLocal: (options: { https?: unknown }) => Mockttp;
  readonly generateCACertificate: () => Promise<unknown>;
}

const name = 'mockttp';
const { getLocal, generateCACertificate } = (await import(name)) as Module;
const server = getLocal(origin.startsWith('https:') ? { https: await generateCACertificate() } : {});
await server.start();
await server.forAnyRequest().thenForwardTo(origin, { ignoreHostHttpsErrors: true });
console.log(JSON.stringify({ url: `http://127.0.0.1:${server.port}` }));
process.on('SIGTERM', () => process.exit(0));
