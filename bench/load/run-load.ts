import { once } from 'node:events';
import { join } from 'node:path';
import { launch } from '../launch.ts';
import type { Launched } from '../launch.ts';

/** WebSockets, tunnels and HTTP/2 have clients of their own. Small responses are asked for with wrk or autocannon, large ones with a client that does not keep them. */
export type Generator = 'wrk' | 'autocannon' | 'stream' | 'websocket' | 'tunnel' | 'h2load';

export interface Load {
  readonly generator: Generator;
  readonly url: string;
  /** What is asked for by way of the proxy at `url`, where that is to open a tunnel. */
  readonly target?: string;
  /** Whether each request comes on a new connection. */
  readonly fresh: boolean;
  /** The length that every response's body must have. */
  readonly bytes: number;
  readonly connections: number;
  /** Whether each request asks for a URL of its own, by its query. */
  readonly unique: boolean;
  /** How long to send for, or how many requests to send (autocannon only). */
  readonly extent: { readonly seconds: number } | { readonly amount: number };
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds within which half, and 99 of 100 responses came. */
  readonly p50: number;
  readonly p99: number;
  /** Responses with another status than 200 or another length than expected. */
  readonly wrong: number;
  /** Connections that failed, broke off or timed out. */
  readonly broken: number;
}

/** Sends requests over keep-alive connections from a process of its own, checking every response. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const client = start(load);
  let output = '';
  client.child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(client.child, 'close')) as [number | null];
  const line = output.split('\n').find((text) => text.startsWith('{'));
  if (code !== 0 || line === undefined) throw new Error(`the load generator failed: ${client.lastWords() || output}`);
  return JSON.parse(line) as LoadResult;
}

function start(load: Load): Launched {
  const { generator, url, target, fresh, bytes, connections, extent, unique } = load;
  if (generator === 'wrk' && 'seconds' in extent) {
    // wrk takes whole seconds only.
    const duration = `${Math.max(1, Math.round(extent.seconds))}s`;
    const script = join(import.meta.dirname, 'wrk.lua');
    return launch('wrk', [
      '-t1',
      `-c${connections}`,
      `-d${duration}`,
      '--timeout',
      '30s',
      '-s',
      script,
      url,
      '--',
      String(bytes),
      ...(unique ? ['unique'] : []),
    ]);
  }
  const program = join(import.meta.dirname, `${generator === 'wrk' ? 'autocannon' : generator}-client.ts`);
  return launch(process.execPath, [
    program,
    JSON.stringify({ url, target, fresh, bytes, connections, unique, ...extent }),
  ]);
}
