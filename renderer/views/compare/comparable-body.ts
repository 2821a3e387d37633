import type { BodySource } from '../../../shared/body-contract.ts';
import type { InspectorApi } from '../../../shared/contract.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { getHeader } from '../../../shared/headers.ts';
import { parseContentType } from '../../format/media-type.ts';
import { formatBytes } from '../../format/units.ts';
import type { Translate } from '../../i18n/translate.ts';
import { languageOf } from '../body/code-language.ts';
import { decodeText } from '../body/decode-text.ts';
import { layOutJson } from '../body/json-layout.ts';
import { hostBytes, readWhole } from '../body/readable.ts';
import { looksLikeText } from '../body/sniff.ts';

/** Bodies up to so many decoded bytes are compared line by line. */
const COMPARED = 1024 * 1024;

/** A body as lines to compare, or why it has none. */
export type ComparableBody = { readonly lines: readonly string[] } | { readonly without: string };

/** A body's text in lines; JSON with one value on each line and its names in order, so that only values differ. */
export async function comparableBody(
  t: Translate,
  api: InspectorApi,
  view: ExchangeView,
  side: 'request' | 'response',
): Promise<ComparableBody> {
  const message = view[side];
  if ((message?.body?.captured ?? 0) === 0) return { without: t('compare.noBody') };
  const source: BodySource = { exchange: view.id, side };
  const facts = await api.request('body.open', { source });
  if (!facts.ok) return { without: facts.error.message };
  if (!facts.value.done || facts.value.length > COMPARED) return { without: t('compare.tooLarge') };
  const whole = await readWhole(hostBytes(api, source, facts.value.length));
  if (!whole.ok) return { without: whole.error.message };
  if (!looksLikeText(whole.value)) return { without: t('compare.notText', { size: formatBytes(whole.value.length) }) };
  const { type, charset } = parseContentType(getHeader(message?.headers ?? [], 'content-type'));
  const { text } = decodeText(t, whole.value, charset);
  return { lines: (languageOf(type) === 'json' ? inOrder(text) : text).split(/\r\n|\n|\r/) };
}

/** JSON with its names in alphabetical order; as it is, laid out, when it is not valid. */
function inOrder(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text, sorted), undefined, 2);
  } catch (error) {
    // Nesting beyond what the parser takes is a RangeError.
    if (error instanceof SyntaxError || error instanceof RangeError) return layOutJson(text);
    throw error;
  }
}

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
