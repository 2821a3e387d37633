/** How well a text matches, and where. */
export interface FuzzyMatch {
  /** Higher is better; only comparable between matches of the same words. */
  readonly score: number;
  /** Positions of the matched characters, ascending. */
  readonly places: readonly number[];
}

const EVERYTHING: FuzzyMatch = { score: 0, places: [] };
/** Longer texts are of no use to somebody who reads a line. */
const MOST_CHARACTERS = 2_000;

/**
 * Matches the characters of `wanted` in their order, other characters between them. Runs and beginnings of words count more,
 * and early ones more than late ones. Each word of `wanted` is looked for on its own, so that their order does not matter.
 */
export function fuzzyMatch(wanted: string, text: string): FuzzyMatch | undefined {
  const lower = text.slice(0, MOST_CHARACTERS).toLowerCase();
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return EVERYTHING;
  const places = new Set<number>();
  let score = 0;
  for (const word of words) {
    const match = matchWord(word, lower);
    if (match === undefined) return undefined;
    score += match.score;
    match.places.forEach((place) => places.add(place));
  }
  return { score, places: [...places].sort((a, b) => a - b) };
}

function matchWord(word: string, text: string): FuzzyMatch | undefined {
  const whole = text.indexOf(word);
  if (whole >= 0) {
    const places = Array.from({ length: word.length }, (_, i) => whole + i);
    return { score: word.length * 10 + (startsWord(text, whole) ? 20 : 0) - Math.min(whole, 10), places };
  }
  const places: number[] = [];
  let score = 0;
  let from = 0;
  for (const character of word) {
    const place = nextPlace(character, text, from);
    if (place < 0) return undefined;
    score += place === from && places.length > 0 ? 6 : startsWord(text, place) ? 5 : -1;
    places.push(place);
    from = place + 1;
  }
  // Letters that are strewn over the text are no match that anybody meant.
  return score > 0 ? { score, places } : undefined;
}

/** The next beginning of a word with this character, or else the next place that has it. */
function nextPlace(character: string, text: string, from: number): number {
  const first = text.indexOf(character, from);
  if (first === from) return first;
  for (let place = first; place >= 0; place = text.indexOf(character, place + 1)) {
    if (startsWord(text, place)) return place;
  }
  return first;
}

function startsWord(text: string, place: number): boolean {
  return place === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(place - 1));
}
