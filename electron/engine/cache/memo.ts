/**
 * A pure function of strings that remembers its latest results. Field values repeat: thousands of exchanges share a few
 * dozen. The memory is bounded by forgetting everything once it is full.
 *
 * @param size how many results are kept
 */
export function remembering<T>(compute: (text: string) => T, size: number): (text: string) => T {
  const known = new Map<string, T>();
  // The same value comes several times in a row, and comparing two texts takes less than finding one.
  let lastText: string | undefined;
  let last: T | undefined;
  return (text) => {
    if (text === lastText) return last as T;
    let result = known.get(text);
    // A remembered undefined is computed again; the functions here return it for invalid input only.
    if (result === undefined) {
      result = compute(text);
      // Long values are rare and would make the bound meaningless.
      if (text.length > 512) return result;
      if (known.size >= size) known.clear();
      known.set(text, result);
    }
    lastText = text;
    last = result;
    return result;
  };
}
