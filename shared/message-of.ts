/** What an error says. Anything can be thrown: what is no error is shown as it is. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
