import type { Page, Request, Route } from 'playwright-core';
import type { Wire } from '../wire.ts';
import { WireClosedError } from '../wire.ts';
import { fromBrowser } from './addresses.ts';
import type { WindowPage } from './window-page.ts';

/** A response of a scheme's handler. */
export interface SchemeAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

/** Answers a request of a page as the app wants it: its policies decide, and the handler of its scheme responds. */
export async function answerRequest(route: Route, wire: Wire, windows: readonly WindowPage[]): Promise<void> {
  try {
    await answer(route, wire, windows);
  } catch (error) {
    // A page may want something more while the test is ending.
    if (!(error instanceof WireClosedError)) throw error;
    await route.abort('aborted');
  }
}

async function answer(route: Route, wire: Wire, windows: readonly WindowPage[]): Promise<void> {
  const request = route.request();
  const url = fromBrowser(request.url());
  const page = pageOf(request);
  const window = windows.find((candidate) => page !== undefined && candidate.page === page);
  if (window === undefined) return answerPopup(route, wire, windows);
  if (request.isNavigationRequest()) {
    const isMainFrame = request.frame().parentFrame() === null;
    if (!(await window.mayNavigate(request.url(), isMainFrame))) return route.abort('aborted');
  }
  if ((await wire.call('request.ask', url)) !== true) return route.abort('blockedbyclient');
  if (url === request.url()) return route.continue();
  const response = (await wire.call('protocol.fetch', url, request.method())) as SchemeAnswer | undefined;
  if (response === undefined) return route.abort('failed');
  const { status, headers, body } = response;
  return route.fulfill({ status, headers: Object.fromEntries(headers), body: Buffer.from(body) });
}

/** The first request of a window that a page opens: the app is asked. */
async function answerPopup(route: Route, wire: Wire, [opener]: readonly WindowPage[]): Promise<void> {
  const action = await wire.call('opening.ask', opener?.id, fromBrowser(route.request().url()));
  // It is no window that the app knows of, but what it asks for is on its way: whoever counts visits sees it.
  if (action !== 'deny') return route.continue();
  // Playwright tells of a new page only when it has something to show; then it is closed. Without an icon of its own, Chromium
  // would fetch one from the site past all routes.
  return route.fulfill({ contentType: 'text/html', body: '<link rel="icon" href="data:,">' });
}

/** The page a request belongs to; undefined for a new window's first one, which has none yet. */
function pageOf(request: Request): Page | undefined {
  try {
    return request.frame().page();
  } catch {
    return undefined;
  }
}
