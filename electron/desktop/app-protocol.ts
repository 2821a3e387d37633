import { protocol } from 'electron';
import type { Protocol } from 'electron';
import type { UiFiles } from '../bridge/ui-files.ts';

/** Where the user interface is served inside the app; nothing of it comes from a network. */
export const appPage = { protocol: 'app:', host: 'hopscope', url: 'app://hopscope/' } as const;

/** Makes `app:` a scheme with an origin of its own. Electron demands this before it is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built user interface to the pages of one session. */
export function serveApp(on: Protocol, files: UiFiles): void {
  on.handle('app', (request) => answer(request, files));
}

async function answer(request: Request, files: UiFiles): Promise<Response> {
  const { host, pathname } = new URL(request.url);
  if (host !== appPage.host) return new Response('There is no such host.\n', { status: 404 });
  if (request.method !== 'GET') return new Response('Only GET works here.\n', { status: 405 });
  const { status, headers, body } = await files.respond(pathname);
  return new Response(body, { status, headers });
}
