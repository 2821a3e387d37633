/** `text` without the mark of its byte order, with which some editors begin a file in UTF-8 (RFC 8259 §8.1 lets it be ignored). */
export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
