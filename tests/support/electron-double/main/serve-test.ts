import { runInThisContext } from 'node:vm';
import type { Wire } from '../wire.ts';
import type { AppDouble } from './app-double.ts';
import { BrowserWindowDouble } from './browser-window-double.ts';
import type { IpcMainDouble } from './ipc-main-double.ts';
import type { SessionDouble } from './session-double.ts';
import type { FrameReport } from './web-contents-double.ts';

export interface Parts {
  readonly wire: Wire;
  readonly app: AppDouble;
  readonly ipcMain: IpcMainDouble;
  readonly session: SessionDouble;
  /** The whole module, for functions that tests evaluate in this process. */
  readonly electron: object;
}

/** Answers the test: what its pages ask for, and what it wants done in this process. */
export function serveTest({ wire, app, ipcMain, session, electron }: Parts): void {
  // Whoever ran the test is gone.
  process.on('disconnect', () => process.exit(1));

  wire.handle('app.ready', () => app.becomeReady());
  wire.handle('main.evaluate', (source: string, arg: unknown) => {
    // Functions cannot cross a wire; their text, written in a test, can.
    const evaluate = runInThisContext(`(${source})`) as (electron: object, arg: unknown) => unknown;
    return evaluate(electron, arg);
  });

  wire.handle('ipc.invoke', (windowId: number, frame: FrameReport | null, channel: string, args: unknown[]) => {
    const { webContents, contents } = windowOf(windowId);
    const senderFrame = frame === null ? null : contents.frame(frame);
    return ipcMain.invoke({ sender: webContents, senderFrame }, channel, args);
  });

  wire.handle('protocol.fetch', (url: string, method: string) => session.fetch(url, method));
  wire.handle('request.ask', (url: string) => session.mayRequest(url));
  wire.handle('permission.ask', (name: string) => session.permission(name));
  wire.handle('navigation.ask', (windowId: number, url: string, isMainFrame: boolean) =>
    windowOf(windowId).contents.mayNavigate(url, isMainFrame),
  );
  wire.handle('opening.ask', (windowId: number, url: string) => windowOf(windowId).contents.openingOf(url));

  wire.handle('page.closed', (windowId: number) => windowOf(windowId).close());
  wire.handle('page.crashed', (windowId: number) => {
    windowOf(windowId).contents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
  });
}

function windowOf(id: number): BrowserWindowDouble {
  const window = BrowserWindowDouble.all.get(id);
  if (window === undefined) throw new Error(`There is no window ${id}`);
  return window;
}
