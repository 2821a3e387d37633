/** Sites that may be opened in the system's browser: those of the standards that explanations name. */
const knownHosts: readonly string[] = ['www.rfc-editor.org', 'httpwg.org', 'developer.mozilla.org'];

/** Whether `text` is an `https:` address of a known site, on the usual port and without credentials. */
export function isKnownLink(text: string): boolean {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return false;
  return knownHosts.includes(url.host);
}
