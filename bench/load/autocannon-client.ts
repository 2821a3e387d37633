// Load from Node, where wrk is not installed and where an exact number of requests is wanted. Its options are one JSON argument;
// the result is one line of JSON.
import autocannon from 'autocannon';

interface ClientOptions {
  readonly url: string;
  readonly bytes: number;
  readonly connections: number;
  readonly seconds?: number;
  readonly amount?: number;
  readonly unique: boolean;
}

const { url, bytes, connections, seconds, amount, unique } = JSON.parse(process.argv[2] ?? '{}') as ClientOptions;
const { pathname } = new URL(url);
const run = Date.now();
let sent = 0;

const result = await autocannon({
  url,
  connections,
  timeout: 30,
  ...(amount === undefined ? { duration: seconds ?? 1 } : { amount }),
  // A counted run stands for a session of browsing, so every request there has a URL of its own, too.
  ...(unique || amount !== undefined
    ? { requests: [{ setupRequest: (request) => ({ ...request, path: `${pathname}?n=${run}-${sent++}` }) }] }
    : {}),
  verifyBody: (body) => body.length === bytes,
});
console.log(
  JSON.stringify({
    requests: result.requests.total,
    seconds: result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    wrong: result.mismatches + result.non2xx,
    broken: result.errors + result.timeouts,
  }),
);
