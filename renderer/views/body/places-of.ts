/** Matches listed at most. */
const MAX_MATCHES = 10_000;

/** Where a text occurs in another. */
export function placesOf(text: string, sought: string, matchCase: boolean): number[] {
  const [within, needle] = matchCase ? [text, sought] : [text.toLowerCase(), sought.toLowerCase()];
  const places: number[] = [];
  // A few characters become longer in lower case; their places would be off, so their case counts.
  if (within.length !== text.length && !matchCase) return placesOf(text, sought, true);
  for (let at = within.indexOf(needle); at >= 0 && places.length < MAX_MATCHES; at = within.indexOf(needle, at + 1)) {
    places.push(at);
  }
  return places;
}
