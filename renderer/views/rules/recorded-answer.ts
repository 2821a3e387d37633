import type { BodySource } from '../../../shared/body-contract.ts';
import type { InspectorApi } from '../../../shared/contract.ts';
import { fold } from '../../../shared/exchange-view.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { getAllHeaders, getHeader, headerPairs } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { isHidden, MASKED } from '../../../shared/masked-fields.ts';
import { MAX_RULE_BODY } from '../../../shared/rules.ts';
import { parseContentType } from '../../format/media-type.ts';
import type { Translate } from '../../i18n/translate.ts';
import { decodeText } from '../body/decode-text.ts';
import { hostBytes, readWhole } from '../body/readable.ts';
import { looksLikeText } from '../body/sniff.ts';

/** Why the text of an answer is not what was recorded, with what was. */
export type AnswerProblem =
  | { readonly kind: 'none' | 'notKept' }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'partial'; readonly bytes: number }
  /** It can be saved, and answered from as a file. */
  | { readonly kind: 'notText' | 'tooLong'; readonly source: BodySource; readonly bytes: number };

/** A recorded answer, as a rule can give it again. */
export interface RecordedAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly text: string;
  readonly problem?: AnswerProblem;
}

const NOTHING: RecordedAnswer = { status: 200, headers: [], text: '', problem: { kind: 'none' } };

/** Reads the answer of an exchange: its fields without those of one message, its body without codings, as text. */
export async function readRecordedAnswer(t: Translate, api: InspectorApi, id: number): Promise<RecordedAnswer> {
  const answer = await api.request('exchange.read', { id });
  if (!answer.ok) return { ...NOTHING, problem: { kind: 'unreadable', reason: answer.error.message } };
  const view = fold(answer.value.events);
  const status = view?.status;
  if (view?.response === undefined || status === undefined || status < 200) return NOTHING;
  const { text, rewritten, problem } = await readText(t, api, view);
  const headers = answerFields(view.response.headers, rewritten);
  return { status, headers, text, ...(problem === undefined ? {} : { problem }) };
}

interface RecordedText {
  readonly text: string;
  /** The bytes were in another character set than UTF-8, which is how a rule sends them. */
  readonly rewritten?: boolean;
  readonly problem?: AnswerProblem;
}

async function readText(t: Translate, api: InspectorApi, view: ExchangeView): Promise<RecordedText> {
  const captured = view.response?.body?.captured ?? 0;
  if (captured === 0) {
    // Bytes have passed, and recording did not keep them.
    return view.responseBytes > 0 ? { text: '', problem: { kind: 'notKept' } } : { text: '' };
  }
  const source: BodySource = { exchange: view.id, side: 'response' };
  // One byte more tells whether that is all; this waits until so much is decoded.
  const whole = await readWhole(hostBytes(api, source, MAX_RULE_BODY + 1));
  const facts = await api.request('body.open', { source });
  if (!whole.ok || !facts.ok) {
    const { message } = whole.ok ? (facts.ok ? { message: '' } : facts.error) : whole.error;
    return { text: '', problem: { kind: 'unreadable', reason: message } };
  }
  const bytes = whole.value;
  const problem = facts.value.problem?.kind;
  const length = Math.max(facts.value.length, bytes.length);
  if (problem === 'unknown' || !looksLikeText(bytes)) {
    return { text: '', problem: { kind: 'notText', source, bytes: length } };
  }
  const { charset } = parseContentType(getHeader(view.response?.headers ?? [], 'content-type'));
  const decoded = decodeText(t, bytes, charset);
  // What a text of another character set takes as UTF-8 may be more than it took.
  const long = bytes.length > MAX_RULE_BODY || new TextEncoder().encode(decoded.text).length > MAX_RULE_BODY;
  if (long || decoded.text.includes('\0')) {
    return { text: '', problem: { kind: long ? 'tooLong' : 'notText', source, bytes: length } };
  }
  const cut = view.response?.body?.truncated !== undefined || (problem !== undefined && problem !== 'mislabelled');
  return {
    text: decoded.text,
    rewritten: decoded.charset !== 'utf-8',
    ...(cut ? { problem: { kind: 'partial', bytes: bytes.length } as const } : {}),
  };
}

/**
 * What is true of one message alone: its framing (RFC 9112 §6), what was about its connection (RFC 9110 §7.6.1), the codings
 * that were undone, and when, by whom and over which way it came.
 */
const OF_ONE_MESSAGE: ReadonlySet<string> = new Set([
  ...['content-length', 'transfer-encoding', 'trailer', 'content-encoding', 'upgrade'],
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authentication-info'],
  ...['date', 'age', 'cache-status', 'via'],
]);

function answerFields(headers: HeaderList, rewritten = false): HeaderList {
  const named = getAllHeaders(headers, 'connection').flatMap((value) => value.toLowerCase().split(/\s*,\s*/));
  return [...headerPairs(headers)]
    .filter(([name, value]) => {
      const lower = name.toLowerCase();
      return !OF_ONE_MESSAGE.has(lower) && !named.includes(lower) && value !== MASKED && !isHidden(value);
    })
    .flatMap(([name, value]) => [name, rewritten && name.toLowerCase() === 'content-type' ? asUtf8(value) : value]);
}

/** A media type whose charset is what the text is now sent in. */
function asUtf8(value: string): string {
  const bare = value.replace(/\s*;\s*charset\s*=\s*(?:"[^"]*"|[^\s;]*)/i, '');
  return `${bare}; charset=utf-8`;
}
