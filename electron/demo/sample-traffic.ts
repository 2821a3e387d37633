import { Agent, request } from 'node:http';

interface Sample {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * The sample requests, wave by wave. Within a wave they run side by side, as a browser loads the parts of a page; a wave begins
 * when the one before has been answered, so that a repeated request finds what its first one left in the cache.
 */
const waves: readonly (readonly Sample[])[] = [
  [{ path: '/' }],
  [{ path: '/style.css' }, { path: '/art/hop.svg' }, { path: '/art/field.png' }, { path: '/slow' }],
  [{ path: '/' }, { path: '/style.css' }, { path: '/art/field.png' }, { path: '/slow' }],
  [
    { path: '/etag' },
    { path: '/vary', headers: { 'Accept-Language': 'en' } },
    { path: '/api/items' },
    { path: '/basket' },
  ],
  [
    { path: '/etag' },
    { path: '/vary', headers: { 'Accept-Language': 'de, en;q=0.5' } },
    { path: '/api/items' },
    { path: '/api/time' },
  ],
  [
    { path: '/vary', headers: { 'Accept-Language': 'en' } },
    { path: '/art/hop.svg', method: 'HEAD' },
    {
      path: '/echo',
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"order":{"variety":"Saaz","grams":100}}\n',
    },
    { path: '/almanac' },
  ],
  [{ path: '/redirect' }, { path: '/missing' }, { path: '/error' }],
  [{ path: '/missing' }, { path: '/stream' }],
];

/** How many requests are under way at once, at most. */
const concurrency = 4;
/** Milliseconds that one request may be silent for. */
const patience = 30_000;

/**
 * Sends the sample requests for the demo site through the proxy at `proxyUrl`, in origin form to the proxy's own address, and
 * resolves with the number of responses received in full. Rejects when the proxy cannot be reached, breaks off a response, or
 * `signal` aborts; what is still under way is then dropped.
 *
 * @param fields sent with every request.
 */
export async function sendSampleTraffic(
  proxyUrl: string,
  fields: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  try {
    let answered = 0;
    for (const wave of waves) {
      await Promise.all(
        wave.map((sample) =>
          send(new URL(sample.path, proxyUrl), { ...sample, headers: { ...sample.headers, ...fields } }, agent, signal),
        ),
      );
      answered += wave.length;
    }
    return answered;
  } finally {
    agent.destroy();
  }
}

/** Sends one request and reads its response to the end without keeping it. */
function send(url: URL, sample: Sample, agent: Agent, signal: AbortSignal | undefined): Promise<void> {
  const { path, method = 'GET', headers = {}, body } = sample;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      agent,
      method,
      headers: { 'User-Agent': 'Hopscope-Sample', Accept: '*/*', ...headers },
      ...(signal ? { signal } : {}),
    });
    outgoing.setTimeout(patience, () =>
      outgoing.destroy(new Error(`no answer to ${method} ${path} within ${patience} ms`)),
    );
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      response.on('error', reject);
      response.on('end', resolve);
      response.resume();
    });
    outgoing.end(body);
  });
}
