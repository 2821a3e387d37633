import type { Generator } from './load/run-load.ts';
import type { ScenarioName, Subject } from './subject.ts';
import {
  bareHttp2Proxy,
  bareProxy,
  bareRelay,
  bareStoringProxy,
  bareTlsProxy,
  memoryServer,
  originItself,
} from './subjects/floors.ts';
import { hopscope, hopscopeUncached } from './subjects/hopscope.ts';
import { mitmdump } from './subjects/mitmdump.ts';
import { nginx } from './subjects/nginx.ts';
import { httpMitmProxy, mockttp } from './subjects/npm-peers.ts';
import { squid } from './subjects/squid.ts';
import { varnish } from './subjects/varnish.ts';
import { gunicorn, hopscopeWsgi, wsgiref } from './subjects/wsgi.ts';

/** Everything that can be measured, Hopscope first. */
export const subjects: readonly Subject[] = [
  hopscope,
  hopscopeUncached,
  bareProxy,
  bareStoringProxy,
  bareRelay,
  bareTlsProxy,
  bareHttp2Proxy,
  originItself,
  memoryServer,
  nginx,
  squid,
  varnish,
  mitmdump,
  mockttp,
  httpMitmProxy,
  hopscopeWsgi,
  gunicorn,
  wsgiref,
];

const mebibyte = 1_048_576;

/** What Hopscope should reach, told as a comparison of one of its numbers. */
export type Target =
  /** Requests per second, at least `atLeast` times those of `than`. */
  | { readonly kind: 'rate'; readonly than: string; readonly atLeast: number; readonly aim?: true }
  /** Milliseconds at the median, at most `atMost` times those of `than`. */
  | { readonly kind: 'time'; readonly than: string; readonly atMost: number }
  /** Milliseconds at the median, less than `below` more than those of `than`. */
  | { readonly kind: 'delay'; readonly than: string; readonly below: number }
  /** Growth of resident memory in bytes, below `below`, in the measure called `measure`. */
  | { readonly kind: 'growth'; readonly measure: string; readonly below: number };

export interface Scenario {
  readonly name: ScenarioName;
  readonly title: string;
  /** The load generator where the scenario needs a certain one. */
  readonly generator?: Generator;
  /** The origin speaks TLS, with a certificate for this name, which is asked for in tunnels; `*` is a new name for each request. */
  readonly secure?: string;
  /** The origin speaks HTTP/2 as well. */
  readonly http2?: true;
  /** Each request asks for a URL of its own. */
  readonly unique?: true;
  /** Milliseconds that the origin takes for each answer; it answers at once when absent. */
  readonly distance?: number;
  /** Connections at once, or streams on one of HTTP/2, where they are part of the scenario. */
  readonly connections?: number;
  /** How many of the requests must reach the origin: this tells whether a proxy proxied and a cache answered. */
  readonly reaches: 'all' | 'hardly any';
  readonly targets: readonly Target[];
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'pass',
    title: 'Pass-through of 1 KiB',
    reaches: 'all',
    targets: [
      { kind: 'rate', than: 'bare proxy', atLeast: 0.8 },
      { kind: 'rate', than: 'squid', atLeast: 1 },
      { kind: 'rate', than: 'mockttp', atLeast: 4 },
      { kind: 'rate', than: 'mitmdump', atLeast: 10 },
    ],
  },
  {
    name: 'hit',
    title: 'Cache hit of 10 KiB',
    reaches: 'hardly any',
    targets: [
      { kind: 'rate', than: 'in-memory server', atLeast: 0.85 },
      { kind: 'rate', than: 'squid', atLeast: 1.25 },
    ],
  },
  {
    name: 'store',
    title: 'Storing 1 KiB, a new URL each time',
    unique: true,
    reaches: 'all',
    targets: [
      { kind: 'rate', than: 'hopscope without its cache', atLeast: 0.91 },
      { kind: 'rate', than: 'bare storing proxy', atLeast: 0.85 },
      { kind: 'rate', than: 'squid', atLeast: 1 },
    ],
  },
  {
    name: 'distant',
    title: 'Storing 1 KiB from an origin 2 ms away, a new URL each time',
    unique: true,
    distance: 2,
    connections: 8,
    reaches: 'all',
    targets: [{ kind: 'time', than: 'hopscope without its cache', atMost: 1.1 }],
  },
  {
    name: 'stream',
    title: 'Streaming of 10 MiB bodies',
    generator: 'stream',
    reaches: 'all',
    targets: [
      { kind: 'rate', than: 'bare proxy', atLeast: 0.9 },
      { kind: 'rate', than: 'nginx', atLeast: 1, aim: true },
      { kind: 'growth', measure: 'peak', below: 60 * mebibyte },
    ],
  },
  {
    name: 'websocket',
    title: 'WebSocket echo of 1 KiB',
    generator: 'websocket',
    reaches: 'all',
    targets: [{ kind: 'rate', than: 'bare relay', atLeast: 0.7 }],
  },
  {
    name: 'https',
    title: 'Intercepted HTTPS of 10 KiB',
    generator: 'tunnel',
    secure: 'localhost',
    reaches: 'all',
    targets: [
      { kind: 'rate', than: 'bare TLS proxy', atLeast: 0.8 },
      { kind: 'rate', than: 'mockttp', atLeast: 2 },
      { kind: 'rate', than: 'mitmdump', atLeast: 7 },
    ],
  },
  {
    name: 'h2',
    title: 'HTTP/2 to HTTP/2 of 1 KiB, 100 streams',
    generator: 'h2load',
    secure: 'localhost',
    http2: true,
    connections: 100,
    reaches: 'all',
    targets: [{ kind: 'rate', than: 'bare HTTP/2 proxy', atLeast: 0.7 }],
  },
  {
    name: 'first',
    title: 'First request to a new intercepted host',
    generator: 'tunnel',
    secure: '*.bench.test',
    connections: 1,
    reaches: 'all',
    targets: [{ kind: 'delay', than: 'origin itself', below: 15 }],
  },
  {
    name: 'wsgi',
    title: 'Hello-world in Flask',
    reaches: 'hardly any',
    targets: [
      { kind: 'rate', than: 'gunicorn', atLeast: 1 },
      { kind: 'rate', than: 'wsgiref', atLeast: 3 },
    ],
  },
  {
    name: 'download',
    title: '100 MiB streamed by Flask',
    generator: 'stream',
    // One: the second of two would start another worker, whose memory is not the stream's.
    connections: 1,
    reaches: 'hardly any',
    targets: [
      { kind: 'growth', measure: 'peak', below: 120 * mebibyte },
      { kind: 'growth', measure: 'after the first round', below: 20 * mebibyte },
      { kind: 'rate', than: 'gunicorn', atLeast: 1, aim: true },
    ],
  },
  {
    name: 'memory',
    title: 'Memory for recorded exchanges of 10 KiB',
    generator: 'autocannon',
    reaches: 'all',
    targets: [
      { kind: 'growth', measure: 'first 50,000', below: 150 * mebibyte },
      { kind: 'growth', measure: 'next 50,000', below: 10 * mebibyte },
    ],
  },
];
