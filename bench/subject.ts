import type { Origin } from './origin.ts';

export type ScenarioName =
  | 'pass'
  | 'hit'
  | 'store'
  | 'distant'
  | 'stream'
  | 'memory'
  | 'websocket'
  | 'wsgi'
  | 'download'
  | 'https'
  | 'h2'
  | 'first';

/** A server that is being measured. */
export interface Running {
  /** Where origin-form requests go, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** The process whose tree is charged for CPU time and memory. */
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** What a subject is started for. */
export interface Setup {
  readonly scenario: ScenarioName;
  readonly origin: Origin;
  /** An empty folder of its own, removed after the run. */
  readonly folder: string;
}

/** Something to measure: Hopscope, a floor that no proxy on the same parts can beat by much, or a peer. */
export interface Subject {
  readonly name: string;
  readonly kind: 'ours' | 'floor' | 'peer';
  readonly scenarios: readonly ScenarioName[];
  /** Why it cannot run here, or undefined when it can. */
  obstacle(): string | undefined;
  start(setup: Setup): Promise<Running>;
}
