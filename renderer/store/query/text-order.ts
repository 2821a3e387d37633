/** So few texts are put in order by comparing them. */
const FEW = 12;
/** Characters looked at together: as many as fit into a number, with a value more for the end of the text. */
const STEP = 6;
const UNITS = 257;
/** Characters from here on look alike in a number: URLs have none, and texts that do are compared. */
const ALIKE = 255;

/** Texts from one place to another in the order so far, which have their first `depth` characters in common. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  /** Their next characters have been read. */
  readonly read: boolean;
}

/**
 * For each text a number that sorts as its characters do; equal texts have the same. A three-way radix quicksort: URLs that
 * begin alike are not compared from their beginning again and again, which takes a quarter of the time.
 */
export function textRanks(texts: readonly string[]): Uint32Array {
  return new TextOrder(texts).ranks();
}

class TextOrder {
  readonly #texts: readonly string[];
  /** Positions of texts, in their order in the end. */
  readonly #order: Uint32Array;
  /** The characters looked at now, of the text at each place. */
  readonly #keys: Float64Array;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    this.#order = Uint32Array.from(texts, (_, i) => i);
    this.#keys = new Float64Array(texts.length);
  }

  ranks(): Uint32Array {
    const parts: Part[] = [{ from: 0, to: this.#order.length, depth: 0, read: false }];
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      if (part.to - part.from <= FEW) this.#insert(part);
      else this.#split(part, parts);
    }
    const ranks = new Uint32Array(this.#order.length);
    let rank = 0;
    for (let place = 0; place < ranks.length; place++) {
      if (place > 0 && this.#at(place) !== this.#at(place - 1)) rank++;
      ranks[this.#order[place] as number] = rank;
    }
    return ranks;
  }

  #at(place: number): string {
    return this.#texts[this.#order[place] as number] as string;
  }

  /** Parts the texts by their next characters: lower than those of one of them, the same, and higher. */
  #split({ from, to, depth, read }: Part, parts: Part[]): void {
    const order = this.#order;
    const keys = this.#keys;
    if (!read) for (let place = from; place < to; place++) keys[place] = keyAt(this.#at(place), depth);
    const pivot = median(keys[from] as number, keys[(from + to) >>> 1] as number, keys[to - 1] as number);
    let lower = from;
    let higher = to;
    for (let place = from; place < higher;) {
      const key = keys[place] as number;
      if (key < pivot) swap(order, keys, lower++, place++);
      else if (key > pivot) swap(order, keys, place, --higher);
      else place++;
    }
    parts.push({ from, to: lower, depth, read: true }, { from: higher, to, depth, read: true });
    if (looksAlike(pivot)) this.#compare(lower, higher);
    // Where they have ended they are equal.
    else if (pivot % UNITS !== 0) parts.push({ from: lower, to: higher, depth: depth + STEP, read: false });
  }

  #compare(from: number, to: number): void {
    const texts = this.#texts;
    this.#order.subarray(from, to).sort((a, b) => {
      const [one, other] = [texts[a] as string, texts[b] as string];
      return one < other ? -1 : one > other ? 1 : 0;
    });
  }

  #insert({ from, to }: Part): void {
    const order = this.#order;
    for (let i = from + 1; i < to; i++) {
      const moving = order[i] as number;
      const text = this.#texts[moving] as string;
      let place = i;
      while (place > from && this.#at(place - 1) > text) {
        order[place] = order[place - 1] as number;
        place--;
      }
      order[place] = moving;
    }
  }
}

function swap(order: Uint32Array, keys: Float64Array, a: number, b: number): void {
  const position = order[a] as number;
  const key = keys[a] as number;
  order[a] = order[b] as number;
  keys[a] = keys[b] as number;
  order[b] = position;
  keys[b] = key;
}

/** The characters of `text` from `depth` on, as one number; where it has ended, 0 stands in front of every character. */
function keyAt(text: string, depth: number): number {
  let key = 0;
  for (let at = depth; at < depth + STEP; at++) {
    key = key * UNITS + (at < text.length ? Math.min(text.charCodeAt(at), ALIKE) + 1 : 0);
  }
  return key;
}

function looksAlike(key: number): boolean {
  for (let rest = key; rest > 0; rest = Math.floor(rest / UNITS)) if (rest % UNITS === ALIKE + 1) return true;
  return false;
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
