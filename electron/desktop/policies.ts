import { app, shell } from 'electron';
import type { Session, WebContents } from 'electron';
import { isKnownLink } from './known-links.ts';

/**
 * What pages may do, for every page there will ever be: stay where they are. Links to the outside go to the system's browser
 * when they are known, and nowhere otherwise.
 *
 * @param reloadable the page that may load itself again; none in the installed app.
 */
export function keepPagesInPlace(reloadable: string | undefined): void {
  app.on('web-contents-created', (_event, contents) => restrict(contents, reloadable));
}

function restrict(contents: WebContents, reloadable: string | undefined): void {
  contents.on('will-frame-navigate', (details) => {
    if (details.isMainFrame && details.url === reloadable) return;
    details.preventDefault();
    openKnownLink(details.url);
  });
  contents.on('will-redirect', (details) => details.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openKnownLink(url);
    return { action: 'deny' };
  });
}

function openKnownLink(url: string): void {
  if (!isKnownLink(url)) return;
  shell.openExternal(url).catch((error: unknown) => {
    process.stderr.write(`hopscope: ${url} could not be opened: ${String(error)}\n`);
  });
}

/** Denies a session everything that needs a permission, except that a page may copy text. */
export function denyPermissions(session: Session): void {
  const mayCopy = 'clipboard-sanitized-write';
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(permission === mayCopy));
  session.setPermissionCheckHandler((_contents, permission) => permission === mayCopy);
  session.setDevicePermissionHandler(() => false);
}
