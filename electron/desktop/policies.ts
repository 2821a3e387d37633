import { app, shell } from 'electron';
import type { Session, WebContents } from 'electron';
import { isKnownLink } from './known-links.ts';
import type { PageAddress } from './page-address.ts';

/**
 * What pages may do, for every page there will ever be: stay where they are. A link that leads outside is opened by the system's
 * browser when it is a known one, and not at all otherwise.
 *
 * @param reloading the page that may load itself anew, as development servers have it; none in the installed app.
 */
export function keepPagesInPlace(reloading: PageAddress | undefined): void {
  app.on('web-contents-created', (_event, contents) => restrict(contents, reloading));
}

function restrict(contents: WebContents, reloading: PageAddress | undefined): void {
  contents.on('will-frame-navigate', (details) => {
    if (details.isMainFrame && details.url === reloading?.url) return;
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

/** Opens `url` in the system's browser if it is a known link. */
export function openKnownLink(url: string): void {
  if (!isKnownLink(url)) return;
  shell.openExternal(url).catch((error: unknown) => {
    process.stderr.write(`hopscope: ${url} could not be opened: ${String(error)}\n`);
  });
}

/** Denies the pages of a session all that needs a permission, except that they may copy text. */
export function denyPermissions(session: Session): void {
  const copying = 'clipboard-sanitized-write';
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(permission === copying));
  session.setPermissionCheckHandler((_contents, permission) => permission === copying);
  session.setDevicePermissionHandler(() => false);
}

/** Schemes that lead out of the app. */
const outside: readonly string[] = ['http:', 'https:', 'ws:', 'wss:', 'ftp:', 'file:'];

/**
 * Keeps the pages of a session from any network and from the disk: all they show comes over the app's scheme and IPC. Their
 * content security policy says so already; this holds for a page without one, too.
 *
 * @param except the host of a development server, if there is one.
 */
export async function cutOff(session: Session, except: PageAddress | undefined): Promise<void> {
  session.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, ({ url }, proceed) => {
    const { protocol, host } = new URL(url);
    proceed({ cancel: outside.includes(protocol) && host !== except?.host });
  });
  // The system's proxy may be Hopscope itself, and its own pages are not traffic to inspect.
  await session.setProxy({ mode: 'direct' });
}
