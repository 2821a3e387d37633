/**
 * Chromium loads no scheme that it does not know, so to it a page of a scheme of Electron's is one of a site that does not exist,
 * secure as Electron's is. What it asks that site for is answered by the scheme's handler.
 */
const suffix = '.electron-double.test';

/** `app://hopscope/x` → `https://hopscope.app.electron-double.test/x`; other addresses stay what they are. */
export function toBrowser(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url);
  const [, scheme, host, rest] = match ?? [];
  if (scheme === undefined || ['http', 'https', 'ws', 'wss', 'file', 'about'].includes(scheme)) return url;
  return `https://${host}.${scheme}${suffix}${rest}`;
}

/** The reverse of {@link toBrowser}. */
export function fromBrowser(url: string): string {
  const match = /^https:\/\/([^/?#]*)(.*)$/.exec(url);
  const [, host, rest] = match ?? [];
  if (!host?.endsWith(suffix)) return url;
  const [scheme, ...name] = host.slice(0, -suffix.length).split('.').reverse();
  return `${scheme}://${name.reverse().join('.')}${rest}`;
}
