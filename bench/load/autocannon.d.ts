/** The part of autocannon's interface that the benchmark uses; the package brings no types. */
declare module 'autocannon' {
  interface Options {
    url: string;
    connections: number;
    /** Seconds; ignored when `amount` is given. */
    duration?: number;
    /** Number of requests to send in all. */
    amount?: number;
    /** Seconds of silence after which a request counts as timed out. */
    timeout?: number;
    requests?: {
      setupRequest?(request: { path?: string }): { path?: string };
      onResponse?(status: number, body: string): void;
    }[];
    verifyBody?(body: string | Buffer): boolean;
  }
  interface Result {
    requests: { total: number };
    /** Seconds. */
    duration: number;
    /** Milliseconds. */
    latency: { p50: number; p99: number };
    mismatches: number;
    non2xx: number;
    errors: number;
    timeouts: number;
  }
  function autocannon(options: Options): Promise<Result>;
  export = autocannon;
}
