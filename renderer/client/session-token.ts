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
