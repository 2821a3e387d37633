const KEY = 'hopscope.token';

/**
 * The token that the web UI's address carries. It is moved from the address to the tab's session storage, so that it
 * survives a reload and neither bookmarks nor screenshots give it away.
 */
export function takeSessionToken(): string {
  const url = new URL(window.location.href);
  const given = url.searchParams.get('token');
  if (given === null) return sessionStorage.getItem(KEY) ?? '';
  sessionStorage.setItem(KEY, given);
  url.searchParams.delete('token');
  window.history.replaceState(null, '', url);
  return given;
}

/** The token in an address of Hopscope, or in a text that is one; undefined without any. */
export function tokenIn(text: string): string | undefined {
  const given = URL.parse(text.trim())?.searchParams.get('token') ?? text.trim();
  return /^[\w-]{16,}$/.test(given) ? given : undefined;
}

/** Opens this page again with another token. */
export function openWithToken(token: string): void {
  window.location.assign(`/?token=${encodeURIComponent(token)}`);
}
