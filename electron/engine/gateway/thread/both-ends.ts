/** The two ends of a text that is longer than `most` characters, with a word about what is between them. */
export function bothEnds(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  return `${text.slice(0, half)}\n[${text.length - 2 * half} characters are not shown]\n${text.slice(-half)}`;
}
