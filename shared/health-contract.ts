import * as v from 'valibot';

/** Something about Hopscope's surroundings that is not as it should be, as data for the page to put into words. */
export type Finding =
  /** The port that clients were told is somebody else's; the proxy listens on another one. */
  | { readonly id: 'port-taken'; readonly wanted: number; readonly used: number }
  /** TLS is intercepted, and this system does not trust the certificates. */
  | { readonly id: 'ca-untrusted'; readonly command: string }
  /** No client has come yet, and the system's proxy is another one or none. `canSet`: it can be set to this one here. */
  | { readonly id: 'not-used'; readonly canSet: boolean }
  /** This machine's clock is ahead of several origins' by so many milliseconds, or behind when negative. */
  | { readonly id: 'clock'; readonly ahead: number; readonly hosts: number }
  /** Nothing can be written where settings and recordings are kept. */
  | { readonly id: 'data-directory'; readonly directory: string; readonly reason: string }
  | { readonly id: 'disk-full'; readonly directory: string; readonly freeBytes: number }
  /** The cache is meant to be on disk, and is in memory for a reason that is told in sentences. */
  | { readonly id: 'cache-store'; readonly reasons: readonly string[] };

export type FindingId = Finding['id'];

/** What was found, and what of that can be repaired from here. */
export interface Health {
  readonly findings: readonly Finding[];
  readonly repairable: readonly FindingId[];
}

const FINDING_IDS = [
  ...(['port-taken', 'ca-untrusted', 'not-used', 'clock', 'data-directory', 'disk-full', 'cache-store'] as const),
] as const satisfies readonly FindingId[];

/** What may be asked about it. A part of the contract's map of requests. */
export interface HealthRequestMap {
  'health.get': { params: undefined; result: Health };
  /**
   * Repairs what was found, as far as that is possible without the person; `REPAIR` with a sentence when it did not work, as when
   * the system refused. `port`: the one to listen on instead, for `port-taken`.
   */
  'health.repair': { params: { id: FindingId; port?: number }; result: null };
}

export const healthSchemas: {
  readonly [N in keyof HealthRequestMap]: v.GenericSchema<unknown, HealthRequestMap[N]['params']>;
} = {
  'health.get': v.pipe(
    v.nullish(v.undefined()),
    v.transform(() => undefined),
  ),
  'health.repair': v.strictObject({
    id: v.picklist(FINDING_IDS),
    port: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))),
  }),
};
