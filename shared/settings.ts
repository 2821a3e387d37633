import * as v from 'valibot';
import { CACHE_MODES } from './decision.ts';
import { overlaysSchema, savedOverlaysSchema, secondsSchema, targetedFieldsSchema } from './overlay-rule.ts';
import type { UpstreamInput } from './settings-routes.ts';
import { danglingReference, originTlsEntries, routingEntries, routingSettings } from './settings-routes.ts';
import { handlersEntry } from './settings-application.ts';
import { rulesEntry } from './rules.ts';
import type { RuleInput } from './rules.ts';
import { accessEntries, accessSettings } from './settings-access.ts';
import { systemProxyEntries, systemProxySettings } from './settings-system-proxy.ts';
import { tlsEntries, tlsSettings } from './settings-tls.ts';
import { wholeNumber } from './whole-number.ts';

const mib = 1024 * 1024;
const count = wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a whole number, 0 or more');

// What each setting may be, without its default: a patch must not bring defaults along.
export const cacheEntries = {
  mode: v.picklist(CACHE_MODES),
  /** Where responses are stored, from the next start on. */
  store: v.picklist(['disk', 'memory']),
  /** Bytes that stored responses may take in all. */
  maxBytes: count,
  /** How many responses may be stored. */
  maxEntries: count,
  /** Bytes of stored responses that may be in memory: those in use of a store on disk, or all there are. */
  memoryBytes: count,
  /** Whether responses tell the cache's decision in a Cache-Status field (RFC 9211). */
  cacheStatus: v.boolean(),
  /** Heuristic freshness as a fraction of the time since Last-Modified (RFC 9111 §4.2.2). */
  heuristicFraction: v.pipe(
    v.number('a fraction is a number from 0 to 1'),
    v.minValue(0, 'a fraction is a number from 0 to 1'),
    v.maxValue(1, 'a fraction is a number from 0 to 1'),
  ),
  /** The most seconds of heuristic freshness. */
  heuristicCap: secondsSchema,
  /** Fields that replace Cache-Control, in order of priority (RFC 9213 §2.2). Only a shared cache reads them. */
  targetedFields: targetedFieldsSchema,
  /** Serve stale responses when the origin cannot be reached, unless forbidden (RFC 9111 §4.2.4). */
  staleWhenUnreachable: v.boolean(),
  /** What the mode `snapshot` keys by: the whole URL, or its path alone. */
  snapshotKey: v.picklist(['url', 'path']),
  /** Rules of the user's own; of those that match a URL, the first counts. */
  overlays: overlaysSchema,
};
export const recordEntries = {
  /** `full` keeps heads and bodies, `head` only heads, `off` only a row. */
  level: v.picklist(['full', 'head', 'off']),
  paused: v.boolean(),
  /** Bytes of each body that are captured. */
  bodyCap: count,
  /** Bytes of WebSocket messages and server-sent events that are captured of one exchange. */
  messagesCap: count,
  /** Exchanges kept; older ones are evicted. */
  maxExchanges: wholeNumber(100, 1_000_000, 'a whole number from 100 to 1000000'),
  /** Bytes the session may take on disk. */
  maxBytes: v.pipe(count, v.minValue(16 * mib, 'a recording takes 16M at least')),
  /** Sessions of earlier runs that are kept, to be opened again. */
  keepSessions: wholeNumber(0, 100, 'a whole number from 0 to 100'),
};
// Milliseconds; 0 waits for ever. Node's timers hold 31 bits.
const timeout = v.pipe(count, v.maxValue(2 ** 31 - 1, 'a timeout is 24 days at most, or 0 for none'));
export const timeoutEntries = { connect: timeout, head: timeout, body: timeout };

const settingsObject = v.object({
  cache: v.optional(
    v.object({
      mode: v.optional(cacheEntries.mode, 'shared'),
      store: v.optional(cacheEntries.store, 'disk'),
      maxBytes: v.optional(cacheEntries.maxBytes, 4096 * mib),
      maxEntries: v.optional(cacheEntries.maxEntries, 1_000_000),
      memoryBytes: v.optional(cacheEntries.memoryBytes, 128 * mib),
      cacheStatus: v.optional(cacheEntries.cacheStatus, true),
      heuristicFraction: v.optional(cacheEntries.heuristicFraction, 0.1),
      heuristicCap: v.optional(cacheEntries.heuristicCap, 86_400),
      targetedFields: v.optional(cacheEntries.targetedFields, ['cdn-cache-control']),
      staleWhenUnreachable: v.optional(cacheEntries.staleWhenUnreachable, true),
      snapshotKey: v.optional(cacheEntries.snapshotKey, 'url'),
      overlays: v.optional(savedOverlaysSchema, []),
    }),
    {},
  ),
  ...routingSettings,
  ...tlsSettings,
  ...accessSettings,
  ...systemProxySettings,
  handlers: v.optional(handlersEntry, []),
  rules: v.optional(rulesEntry, []),
  record: v.optional(
    v.object({
      level: v.optional(recordEntries.level, 'full'),
      paused: v.optional(recordEntries.paused, false),
      bodyCap: v.optional(recordEntries.bodyCap, mib),
      messagesCap: v.optional(recordEntries.messagesCap, 64 * mib),
      maxExchanges: v.optional(recordEntries.maxExchanges, 100_000),
      maxBytes: v.optional(recordEntries.maxBytes, 1024 * mib),
      keepSessions: v.optional(recordEntries.keepSessions, 3),
    }),
    {},
  ),
  timeouts: v.optional(
    v.object({
      connect: v.optional(timeoutEntries.connect, 10_000),
      head: v.optional(timeoutEntries.head, 120_000),
      body: v.optional(timeoutEntries.body, 300_000),
    }),
    {},
  ),
});

/** Every setting that can change while the engine runs, with its default. The one source for flags, files and the UI. */
export const settingsSchema = v.pipe(
  settingsObject,
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? danglingReference(dataset.value) : undefined;
    if (problem !== undefined) addIssue({ message: problem });
  }),
);

export type Settings = v.InferOutput<typeof settingsSchema>;

/** A partial change: groups are merged key by key, lists are replaced. */
export type SettingsPatch = {
  readonly [G in keyof Settings]?: G extends 'upstreams'
    ? readonly UpstreamInput[]
    : G extends 'rules'
      ? readonly RuleInput[]
      : Settings[G] extends readonly unknown[] | string
        ? Settings[G]
        : Partial<Settings[G]>;
};

/** What a patch may say. Unknown names are refused: a typing error must not look like a change that was made. */
export const settingsPatchSchema: v.GenericSchema<unknown, SettingsPatch> = v.strictObject({
  cache: v.exactOptional(v.strictObject(allOptional(cacheEntries))),
  ...allOptional(routingEntries),
  handlers: v.exactOptional(handlersEntry),
  rules: v.exactOptional(rulesEntry),
  tls: v.exactOptional(v.strictObject(allOptional(tlsEntries))),
  access: v.exactOptional(v.strictObject(allOptional(accessEntries))),
  systemProxy: v.exactOptional(v.strictObject(allOptional(systemProxyEntries))),
  originTls: v.exactOptional(v.strictObject(allOptional(originTlsEntries))),
  record: v.exactOptional(v.strictObject(allOptional(recordEntries))),
  timeouts: v.exactOptional(v.strictObject(allOptional(timeoutEntries))),
});

/** All defaults. */
export function defaultSettings(): Settings {
  return v.parse(settingsSchema, {});
}

/**
 * `settings` with `patch` merged in: groups key by key, lists and plain values replaced.
 * @throws {v.ValiError} when the result is not valid.
 */
export function mergeSettings(settings: Settings, patch: SettingsPatch): Settings {
  const merged: Record<string, unknown> = { ...settings };
  for (const [key, value] of Object.entries(patch)) {
    const before = merged[key];
    merged[key] = isGroup(before) && isGroup(value) ? { ...before, ...value } : value;
  }
  return v.parse(settingsSchema, merged);
}

/** What is wrong with a value, in one line: `cache.mode: Invalid type …`. @param within where the value itself stands */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[], within = ''): string {
  return issues
    .map((issue) => {
      const path = [within, v.getDotPath(issue) ?? ''].filter((part) => part !== '').join('.');
      return path === '' ? wordsOf(issue) : `${path}: ${wordsOf(issue)}`;
    })
    .join('; ');
}

/** {@link describeIssues} as the end of a sentence, whose full stop some messages bring along. */
export function issuesSentence(...described: Parameters<typeof describeIssues>): string {
  return describeIssues(...described).replace(/\.?$/, '.');
}

/** The path of an issue about a name ends with that name. */
function wordsOf({ type, expected, received, message }: v.BaseIssue<unknown>): string {
  if (type !== 'strict_object' && type !== 'object') return message;
  if (expected === 'never') return 'there is nothing of this name';
  return received === 'undefined' ? 'this is missing' : message;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Entries = Record<string, v.GenericSchema>;
type AllOptional<E extends Entries> = { [K in keyof E]: v.ExactOptionalSchema<E[K], undefined> };

function allOptional<const E extends Entries>(entries: E): AllOptional<E> {
  const optional = Object.entries(entries).map(([key, schema]) => [key, v.exactOptional(schema)]);
  return Object.fromEntries(optional) as AllOptional<E>;
}
