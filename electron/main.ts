import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, dialog, ipcMain, session } from 'electron';
import type { BrowserWindow } from 'electron';
import { ContractServer } from './bridge/contract-server.ts';
import { IpcTransport } from './bridge/ipc-transport.ts';
import { UiFiles } from './bridge/ui-files.ts';
import { sendSampleTraffic } from './demo/sample-traffic.ts';
import { appPage, registerAppScheme, serveApp } from './desktop/app-protocol.ts';
import { setApplicationMenu } from './desktop/application-menu.ts';
import { createMainWindow } from './desktop/main-window.ts';
import { denyPermissions, keepPagesInPlace } from './desktop/policies.ts';
import { defaultDataDirectory } from './host/data-directory.ts';
import type { Host } from './host/start-host.ts';
import { startHost } from './host/start-host.ts';
import { version } from './host/version.ts';

// Chromium's own switches are among the arguments, so unknown ones are not ours to refuse.
const { values: flags } = parseArgs({
  strict: false,
  options: { port: { type: 'string' }, 'data-dir': { type: 'string' } },
});
const dataDir = typeof flags['data-dir'] === 'string' ? flags['data-dir'] : defaultDataDirectory();

app.enableSandbox();
app.setPath('userData', join(dataDir, 'window'));
registerAppScheme();
keepPagesInPlace(undefined);

function log(sentence: string): void {
  process.stderr.write(`hopscope: ${sentence}\n`);
}

async function start(): Promise<void> {
  await app.whenReady();
  const host = await startHost({
    host: '127.0.0.1',
    port: typeof flags.port === 'string' ? Number(flags.port) : 9000,
    portFallback: flags.port === undefined,
    dataDir,
    version: version(),
    overrides: {},
  });
  drainOnQuit(host);
  const own = session.defaultSession;
  await own.setProxy({ mode: 'direct' });
  denyPermissions(own);
  serveApp(own.protocol, new UiFiles(join(import.meta.dirname, '../renderer')));
  const transport = serveContract(host);
  setApplicationMenu(!app.isPackaged);

  let window: BrowserWindow | undefined;
  const open = async (): Promise<void> => {
    const opened = createMainWindow({
      preload: join(import.meta.dirname, '../preload/preload.cjs'),
      developing: !app.isPackaged,
    });
    window = opened;
    opened.once('closed', () => (window = undefined));
    transport.admit(opened.webContents);
    await opened.loadURL(appPage.url);
  };
  app.on('activate', () => {
    if (window === undefined) open().catch(fail);
  });
  await open();
}

function serveContract({ engine }: Host): IpcTransport {
  const server = new ContractServer(engine, {
    sendSample: () => sendSampleTraffic(engine.status.proxyUrl ?? ''),
    onError: (error, request) => log(`"${request}" failed: ${String(error)}`),
  });
  return new IpcTransport(server, { ipc: ipcMain, page: appPage, onRefused: log });
}

/** Lets running exchanges end before the process does. */
function drainOnQuit(host: Host): void {
  let stopping = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    host.stop().then(
      () => app.exit(0),
      (error: unknown) => fail(error),
    );
  });
}

app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit();
});

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  log(message);
  dialog.showErrorBox('Hopscope cannot go on', message);
  app.exit(1);
}

start().catch(fail);
