import * as v from 'valibot';
import { decisionSchema, outcomeSchema } from './trace-event-schema.ts';

/**
 * HTTP Archive 1.2 as its writers write it: what is missing gets a default rather than a refusal, as browsers and proxies
 * leave out what they do not know. Times are milliseconds, sizes bytes; -1 stands for "not known".
 */
const text = v.fallback(v.string(), '');
const number = v.fallback(v.pipe(v.number(), v.finite()), -1);
const fields = v.fallback(v.array(v.object({ name: v.string(), value: text })), []);

const request = v.object({
  ...{ method: v.string(), url: v.string(), httpVersion: text, headers: fields, bodySize: number },
  postData: v.fallback(
    v.optional(
      v.object({
        ...{ mimeType: text, text: v.optional(v.string()), encoding: v.optional(v.string()) },
        /** What a form sends; HAR 1.2 has it instead of the text. */
        params: v.fallback(v.array(v.object({ name: v.string(), value: text })), []),
      }),
    ),
    undefined,
  ),
});

const response = v.object({
  ...{ status: number, statusText: text, headers: fields, bodySize: number },
  content: v.fallback(
    v.object({ size: number, mimeType: text, text: v.optional(v.string()), encoding: v.optional(v.string()) }),
    { size: -1, mimeType: '' },
  ),
  _error: v.fallback(v.optional(v.string()), undefined),
});

const NO_TIMINGS = { blocked: -1, dns: -1, connect: -1, ssl: -1, send: -1, wait: -1, receive: -1 };
const timings = v.fallback(
  v.object({
    ...{ blocked: number, dns: number, connect: number, ssl: number },
    ...{ send: number, wait: number, receive: number },
  }),
  NO_TIMINGS,
);

/** As Chromium writes them: times in seconds since 1970. */
const messages = v.fallback(
  v.optional(v.array(v.object({ type: v.string(), time: v.number(), opcode: v.number(), data: v.string() }))),
  undefined,
);

/** What only Hopscope writes. */
const own = v.fallback(
  v.optional(
    v.object({
      kind: v.picklist(['http', 'websocket', 'tunnel', 'malformed']),
      from: v.exactOptional(v.picklist(['upstream', 'cache', 'hopscope'])),
      upstream: v.exactOptional(v.string()),
      remote: v.exactOptional(v.string()),
      decision: v.exactOptional(decisionSchema),
      outcome: v.exactOptional(outcomeSchema),
      annotation: v.exactOptional(v.unknown()),
    }),
  ),
  undefined,
);

export const harEntrySchema = v.object({
  ...{ startedDateTime: v.string(), request, response, timings, time: number },
  ...{ serverIPAddress: text, connection: text },
  comment: text,
  _webSocketMessages: messages,
  _hopscope: own,
});

export type HarEntry = v.InferOutput<typeof harEntrySchema>;
