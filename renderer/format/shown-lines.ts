/** Characters of a form's field for several lines that stand beside each other, about. */
const IN_A_LINE = 62;

/** How many lines a field shows of `text`: two at least, `most` at most, and a long one for as many as it is broken into. */
export function shownLines(text: string, most: number): number {
  let lines = 0;
  for (const { length } of text.split('\n', most)) lines += Math.max(1, Math.ceil(length / IN_A_LINE));
  return Math.min(most, Math.max(2, lines));
}
