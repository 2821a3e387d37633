import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Agent, interceptors, request } from 'undici';
import type { PacUpstream } from '../../../../shared/settings-routes.ts';
import { messageOf } from '../../../../shared/message-of.ts';
import { ExchangeError } from '../../errors.ts';
import type { TargetUrl } from '../../http/request-target.ts';
import { formatUrl } from '../../http/request-target.ts';
import type { ProxyList } from '../routing/proxy-list.ts';
import { parsePacAnswer } from './pac-answer.ts';
import { PacClient } from './pac-client.ts';

const MAX_SCRIPT = 1024 * 1024;
const FETCH_MS = 10_000;
const MAX_REDIRECTS = 5;
/** How long a script from a URL or file is used before it is read again. */
const SCRIPT_AGE_MS = 10 * 60_000;
/** How long a script that failed is left alone: it may take its whole time again. */
const FAILURE_AGE_MS = 10_000;
/** A script that fails for one URL sooner (ms) than this may be asked for the next one. */
const QUICK_MS = 100;
/** How long an answer counts: scripts may ask for the time of day. */
const ANSWER_AGE_MS = 60_000;
const MAX_ANSWERS = 1_000;
/** Each script has a thread; of more than this many, the one loaded first is let go. */
const MAX_SCRIPTS = 8;
/** How many names one answer may depend on. */
const MAX_LOOKUPS = 20;

interface Loaded {
  readonly client: Promise<PacClient>;
  readonly until: number;
  readonly answers: Map<string, { readonly text: string; readonly until: number }>;
  failure?: { readonly error: ExchangeError; readonly until: number };
  /** How many are asking it now. */
  users: number;
}

/** What a script said, as text and as the proxies to try. */
export interface PacAnswer {
  readonly text: string;
  readonly proxies: ProxyList;
}

/** Asks PAC scripts which proxies lead to a URL. Scripts and answers are kept for a while. */
export class PacResolver {
  readonly #loaded = new Map<string, Loaded>();

  /** Rejects with PAC_FAILED when the script cannot be had or does not work. */
  async find(pac: PacUpstream, url: TargetUrl): Promise<PacAnswer> {
    const key = `${pac.from}:${pac.source}`;
    const loaded = this.#load(pac, key);
    const now = performance.now();
    // Scripts see no path of an https URL, as in every browser.
    const asked = url.scheme === 'https' || url.path === '' ? `${url.origin}/` : formatUrl(url);
    const known = loaded.answers.get(asked);
    if (known !== undefined && known.until > now) return { text: known.text, proxies: parsePacAnswer(known.text) };
    if (loaded.failure !== undefined && loaded.failure.until > now) throw loaded.failure.error;
    loaded.users++;
    try {
      const text = await run(await loaded.client, asked, url.hostname);
      if (loaded.answers.size >= MAX_ANSWERS) loaded.answers.clear();
      loaded.answers.set(asked, { text, until: now + ANSWER_AGE_MS });
      return { text, proxies: parsePacAnswer(text) };
    } catch (thrown) {
      const why = messageOf(thrown);
      const error = new ExchangeError('PAC_FAILED', 'pac', `${pac.label}: ${why}.`, thrown);
      const wasQuick = (await isLoaded(loaded)) && performance.now() - now < QUICK_MS;
      if (!wasQuick) loaded.failure = { error, until: performance.now() + FAILURE_AGE_MS };
      throw error;
    } finally {
      loaded.users--;
      if (this.#loaded.get(key) !== loaded) this.#release(loaded);
    }
  }

  /** Ends every script's thread. */
  close(): void {
    for (const [key, loaded] of this.#loaded) this.#forget(key, loaded);
  }

  #load(pac: PacUpstream, key: string): Loaded {
    const known = this.#loaded.get(key);
    const now = performance.now();
    if (known !== undefined && known.until > now && (known.failure === undefined || known.failure.until > now))
      return known;
    if (known !== undefined) this.#forget(key, known);
    for (const [oldest, loaded] of this.#loaded) {
      if (this.#loaded.size < MAX_SCRIPTS) break;
      this.#forget(oldest, loaded);
    }
    const client = read(pac).then(async (script) => PacClient.start(script, await myAddresses()));
    const until = pac.from === 'text' ? Infinity : now + SCRIPT_AGE_MS;
    const loaded: Loaded = { client, until, answers: new Map(), users: 0 };
    this.#loaded.set(key, loaded);
    return loaded;
  }

  #forget(key: string, loaded: Loaded): void {
    this.#loaded.delete(key);
    this.#release(loaded);
  }

  /** Ends the thread of a script that is forgotten, unless somebody still waits for its answer. */
  #release({ client, users }: Loaded): void {
    if (users > 0) return;
    client.then(
      (it) => it.close(),
      // Who asked was told of the failure, and there is nothing to close.
      () => undefined,
    );
  }
}

async function isLoaded({ client }: Loaded): Promise<boolean> {
  return client.then(
    (it) => !it.ended,
    () => false,
  );
}

/** Runs the script again with each name that it needs, until it has an answer. */
async function run(client: PacClient, url: string, host: string): Promise<string> {
  const names = new Map<string, readonly string[]>();
  for (let lookups = 0; lookups <= MAX_LOOKUPS; lookups++) {
    const result = await client.run(url, host, names);
    if ('answer' in result) return result.answer;
    names.set(result.needs, await addressesOf(result.needs));
  }
  throw new Error(`it looks up more than ${MAX_LOOKUPS} names`);
}

async function addressesOf(name: string): Promise<readonly string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    // A name that cannot be resolved is an answer to a script, not a failure.
    return [];
  }
}

async function read({ from, source }: PacUpstream): Promise<string> {
  if (from === 'text') return source;
  if (from === 'file') return readFile(source, 'utf8');
  // The system's script often is a file all the same.
  if (/^file:/i.test(source)) return readFile(fileURLToPath(source), 'utf8');
  if (/^data:/i.test(source)) return (await fetch(source)).text();
  const agent = new Agent({ headersTimeout: FETCH_MS, bodyTimeout: FETCH_MS });
  try {
    return await download(source, agent);
  } finally {
    await agent.destroy();
  }
}

async function download(url: string, agent: Agent): Promise<string> {
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: MAX_REDIRECTS }));
  const { statusCode, body } = await request(url, { dispatcher });
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`${url} answered ${statusCode}`);
  }
  let text = '';
  for await (const chunk of body.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_SCRIPT) throw new Error(`${url} is larger than ${MAX_SCRIPT} bytes`);
  }
  return text;
}

/** The addresses that this machine sends from, IPv6 first; nothing is sent to find out. */
async function myAddresses(): Promise<readonly string[]> {
  const found = await Promise.all([addressTowards('udp6', '2001:db8::1'), addressTowards('udp4', '192.0.2.1')]);
  const known = found.filter((address) => address !== undefined);
  // Without a network loopback is all there is.
  return known.length === 0 ? ['127.0.0.1'] : known;
}

/** Undefined where there is no route. */
function addressTowards(kind: 'udp4' | 'udp6', far: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(kind);
    const done = (address: string | undefined): void => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => done(undefined));
    socket.connect(53, far, () => done(socket.address().address));
  });
}
