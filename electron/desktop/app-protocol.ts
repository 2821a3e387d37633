import { protocol } from 'electron';
import type { Protocol } from 'electron';
import type { UiFiles } from '../bridge/ui-files.ts';
import { appPage } from './page-address.ts';

const scheme = appPage.protocol.slice(0, -1);

/** Makes the app's scheme one with origins, as `https` is. Electron wants to know before it is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built user interface to the pages of the session that `sessionProtocol` belongs to. */
export function serveApp(sessionProtocol: Protocol, files: UiFiles): void {
  sessionProtocol.handle(scheme, async ({ url, method }) => {
    const { host, pathname } = new URL(url);
    if (host !== appPage.host) return new Response('There is no such host.\n', { status: 404 });
    if (method !== 'GET') return new Response('Only GET works here.\n', { status: 405, headers: { Allow: 'GET' } });
    const { status, headers, body } = await files.respond(pathname);
    return new Response(body, { status, headers });
  });
}
