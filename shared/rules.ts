import * as v from 'valibot';
import { placedProblem } from './filter/filter-problem.ts';
import { parseRequestFilter } from './filter/request-filter.ts';
import { fieldNameSchema, headerListSchema } from './header-schema.ts';
import { isOriginUrl } from './settings-routes.ts';
import { wholeNumber } from './whole-number.ts';

/** Bytes of the body that a rule can answer with. */
export const MAX_RULE_BODY = 1024 * 1024;
/** Characters of the bodies of all rules together. */
const MAX_BODIES = 8 * 1024 * 1024;
/** Rules that the settings hold at most. */
export const MAX_RULES = 200;

const TO_RULE =
  'where a rule sends requests is http://host[:port][/path] or https://…, without user, query or fragment';
const PATH_RULE = 'a rule answers from an absolute path, of a file or of a folder';

/** What frames a message, or is for one connection alone. */
const FRAMING: ReadonlySet<string> = new Set(['connection', 'content-length', 'transfer-encoding', 'upgrade']);

const headerChanges = v.pipe(
  v.strictObject({
    /** Fields that replace those of the same name; names may repeat. */
    set: v.optional(headerListSchema, []),
    /** Names of fields that are taken out. */
    remove: v.optional(v.pipe(v.array(fieldNameSchema), v.maxLength(100, 'at most 100 names')), []),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { set, remove } = dataset.value;
    const names = [...set.filter((_, i) => i % 2 === 0), ...remove];
    const framing = names.find((name) => FRAMING.has(name.toLowerCase()));
    if (framing !== undefined) addIssue({ message: `${framing} frames the message, and is not for a rule to change` });
    // RFC 9110 §7.2: a request's target URI decides it, whatever was there before.
    if (names.some((name) => name.toLowerCase() === 'host'))
      addIssue({ message: 'Host says where a request goes, and follows it: a redirect changes both' });
  }),
);

/**
 * What is done with a request. `headers`, `delay`, `pause` and `redirect` let it go on to the next rule; `answer`, `file`
 * and `block` end it. Of a WebSocket only the handshake is seen, and of that only what concerns the request: `answer` and
 * `file` do not apply to it, and neither do changes of, or pauses at, its response. A tunnel (CONNECT) is seen by
 * `block` alone.
 */
const actionSchema = v.variant(
  'type',
  [
    /** Answered by Hopscope; it goes no further. */
    v.strictObject({
      type: v.literal('answer'),
      status: wholeNumber(200, 599, 'a status is a whole number from 200 to 599'),
      /** What frames the message is worked out, whatever these say. */
      headers: v.optional(headerListSchema, []),
      /** Sent as UTF-8. */
      body: v.optional(v.pipe(v.string(), v.maxBytes(MAX_RULE_BODY, 'the body of an answer is 1 MiB at most')), ''),
    }),
    /** Answered from a file, or from a folder whose files are found by the request's path. */
    v.strictObject({
      type: v.literal('file'),
      path: v.pipe(v.string(), v.maxLength(4096), v.check(isAbsolutePath, PATH_RULE)),
    }),
    /** Sent to another server, which its client does not learn; a path is put before the request's. */
    v.strictObject({
      type: v.literal('redirect'),
      to: v.pipe(v.string(), v.maxLength(4096), v.check(isOriginUrl, TO_RULE)),
    }),
    v.strictObject({
      type: v.literal('headers'),
      request: v.optional(headerChanges, {}),
      response: v.optional(headerChanges, {}),
    }),
    v.strictObject({
      type: v.literal('delay'),
      ms: wholeNumber(1, 600_000, 'a delay is a whole number of milliseconds from 1 to 600000'),
    }),
    /** Refused with 403 and a page that says why, or the connection closed without an answer. */
    v.strictObject({ type: v.literal('block'), how: v.picklist(['refuse', 'close']) }),
    /** Held until a person lets it go on. */
    v.strictObject({ type: v.literal('pause'), at: v.picklist(['request', 'response', 'both']) }),
  ],
  'an action is answer, file, redirect, headers, delay, block or pause',
);

/**
 * A rule for traffic: what to do with requests that a filter lets pass. Of the rules that are on, all that match apply, in
 * order. Unknown names are refused: a typing error must not look like a rule.
 */
const ruleSchema = v.strictObject({
  name: v.pipe(v.string(), v.trim(), v.minLength(1, 'a rule needs a name'), v.maxLength(80)),
  on: v.optional(v.boolean(), true),
  /** A text of the filter language with what is known when a request arrives; empty: every request. */
  when: v.optional(
    v.pipe(
      v.string(),
      v.rawCheck(({ dataset, addIssue }) => {
        if (!dataset.typed) return;
        const parsed = parseRequestFilter(dataset.value);
        if (!parsed.ok) addIssue({ message: placedProblem(parsed.problem) });
      }),
    ),
    '',
  ),
  action: actionSchema,
});

/** The rules of the settings. */
export const rulesEntry = v.pipe(
  v.array(ruleSchema),
  v.maxLength(MAX_RULES, 'at most 200 rules'),
  // They are told to every page that is connected, as a whole.
  v.check(
    (rules) =>
      rules.reduce((sum, { action }) => sum + (action.type === 'answer' ? action.body.length : 0), 0) <= MAX_BODIES,
    'the bodies of all rules are 8 MiB at most together',
  ),
);

export type Rule = v.InferOutput<typeof ruleSchema>;
/** A rule as a person writes it: what has a default may be left out. */
export type RuleInput = v.InferInput<typeof ruleSchema>;
export type RuleAction = Rule['action'];
export type HeaderChanges = v.InferOutput<typeof headerChanges>;

/** On every system's terms: a settings file may have been written on another one. */
function isAbsolutePath(path: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path) && !path.includes('\0');
}
