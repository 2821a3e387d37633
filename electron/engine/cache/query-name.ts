/** What a name means as it stands in a query, where `+` is a space and `%xx` a byte of UTF-8. */
export function decodeQueryName(name: string): string {
  if (!/[%+]/.test(name)) return name;
  // Read as the value of a nameless parameter, in which nothing but & has a meaning of its own.
  return new URLSearchParams(`=${name.replaceAll('&', '%26')}`).get('') ?? '';
}
