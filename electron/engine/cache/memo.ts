/**
 * A pure function of strings that remembers its latest results. Field values repeat: thousands of exchanges share a few
 * dozen. The memory is bounded by forgetting everything once it is full.
 *
 * @param size how many results are kept
 */
export function remembering<T>(compute: (text: string) => T, size: number): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    // A remembered undefined is computed again; the functions here return it for invalid input only.
    if (found !== undefined) return found;
    const result = compute(text);
    // Long values are rare and would make the bound meaningless.
    if (text.length <= 512) {
      if (known.size >= size) known.clear();
      known.set(text, result);
    }
    return result;
  };
}
