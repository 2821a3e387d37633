import * as v from 'valibot';
import { wholeNumber } from './whole-number.ts';

const MOUNT_RULE = 'a mount is a path such as /shop, without query, *, control characters or a slash at its end';
const MODULE_RULE =
  'an application is module:attribute, as in shop.wsgi:application, or for JavaScript the path of a file';

const MAX_MS = 2 ** 31 - 1;

const few = (most: number) => wholeNumber(1, most, `a whole number from 1 to ${most}`);
const path = v.pipe(v.string(), v.maxLength(4096));

/** What an application's settings are, besides its id and label. */
export const applicationEntries = {
  /** `wsgi`: Python (PEP 3333); `javascript`: a file that exports an application of the same shape. */
  kind: v.picklist(['wsgi', 'javascript']),
  /** `package.module:attribute` for WSGI (an attribute with `()` is a factory), a file for JavaScript. */
  module: v.pipe(v.string(), v.trim(), v.minLength(1, MODULE_RULE), v.maxLength(4096)),
  /** Where it runs, and what relative paths and imports start from. Empty: where Hopscope was started. */
  directory: v.optional(path, ''),
  /** An interpreter or a virtual environment's folder; empty: `.venv`, `venv`, the active one, or python3 on PATH. */
  python: v.optional(path, ''),
  /** The path it answers at and below; `/` when it is the active upstream and answers everything. */
  mount: v.optional(v.pipe(v.string(), v.check(isMount, MOUNT_RULE)), '/'),
  /** The most workers at a time; the first starts at once, others when requests have to wait. */
  workers: v.optional(few(64), 2),
  /** Requests that each worker answers at the same time. */
  threads: v.optional(few(64), 4),
  /** How long (ms) it may take to begin its answer, before its worker is replaced; 0 for ever. */
  timeout: v.optional(wholeNumber(0, MAX_MS, 'a whole number of milliseconds; 0 for no limit'), 30_000),
  /** Environment variables besides Hopscope's own. */
  env: v.optional(v.record(v.string(), v.string()), {}),
  /** Start new workers when a source file of the application changes. */
  reload: v.optional(v.boolean(), false),
};

/** A file with a handler class of the user's. */
const handlerSchema = v.object({
  /** Absolute path of a TypeScript or JavaScript file that exports a class that extends RequestHandler. */
  file: v.pipe(v.string(), v.minLength(1, 'a handler needs its file'), v.maxLength(4096)),
  /** Load it again when it changes. */
  reload: v.optional(v.boolean(), false),
});

/** Handler classes between the guard and the cache, outermost first. */
export const handlersEntry = v.pipe(
  v.array(handlerSchema),
  v.maxLength(20, 'at most 20 handlers'),
  v.check((list) => new Set(list.map(({ file }) => file)).size === list.length, 'a handler is named twice'),
);

export type HandlerFile = v.InferOutput<typeof handlerSchema>;

function isMount(text: string): boolean {
  return text === '/' || (/^(?:\/[^/\s?#*]+)+$/.test(text) && !/%(?:[01][0-9a-f]|7f)/i.test(text));
}
