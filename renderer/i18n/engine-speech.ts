/**
 * What the engine says, as pairs of its English and another language. `{{1}}`, `{{2}}` … stand for anything; what stands
 * there may be a phrase itself and is said in turn. The test looks for every English phrase in the engine's sources.
 */
export type PhraseBook = readonly (readonly [english: string, other: string])[];

/** Says a text of the engine in another language, or as it is where it is unknown. */
export type Say = (text: string) => string;

/** Longer texts are captured ones, and not the engine's. */
const LONGEST = 2_000;

interface Form {
  readonly pattern: RegExp;
  readonly other: string;
}

/**
 * Sentences of the engine have no keys: it writes them for traces, logs and clients alike, with what it found in them. So they
 * are known by their words. A text that is no phrase is taken for sentences in a row, of which the first may be one.
 */
export function engineSpeech(book: PhraseBook): Say {
  const whole = new Map(book.filter(([english]) => !english.includes('{{')));
  let forms: readonly Form[] | undefined;

  const phrase = (text: string): string | undefined => {
    const known = whole.get(text);
    if (known !== undefined) return known;
    forms ??= book.filter(([english]) => !whole.has(english)).map(formOf);
    for (const { pattern, other } of forms) {
      const places = pattern.exec(text);
      if (places !== null) return other.replace(/\{\{(\d)\}\}/g, (_place, at: string) => say(places[Number(at)] ?? ''));
    }
    return undefined;
  };
  const say: Say = (text) => {
    if (text === '' || text.length > LONGEST) return text;
    const said = phrase(text);
    if (said !== undefined) return said;
    for (const { index } of text.matchAll(/\. /g)) {
      const first = phrase(text.slice(0, index + 1));
      if (first !== undefined) return `${first}${say(text.slice(index + 2))}`;
    }
    return text;
  };
  return say;
}

function formOf([english, other]: PhraseBook[number]): Form {
  const source = english
    .split(/\{\{\d\}\}/)
    .map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('(.*?)');
  return { pattern: new RegExp(`^${source}$`, 's'), other };
}
