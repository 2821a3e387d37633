import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { app, dialog, ipcMain, session } from 'electron';
import type { BrowserWindow } from 'electron';
import { IpcTransport } from './bridge/ipc-transport.ts';
import { UiFiles } from './bridge/ui-files.ts';
import { registerAppScheme, serveApp } from './desktop/app-protocol.ts';
import { setApplicationMenu } from './desktop/application-menu.ts';
import { desktopFlags } from './desktop/desktop-flags.ts';
import { keyProtector } from './desktop/key-protector.ts';
import { createMainWindow, loadPage } from './desktop/main-window.ts';
import { appPage, developmentPage } from './desktop/page-address.ts';
import { desktopWatchdog, isWatchdog, watch } from './desktop/system-proxy-watchdog.ts';
import { cutOff, denyPermissions, keepPagesInPlace } from './desktop/policies.ts';
import { exitCodeOf } from './host/hopscope-command.ts';
import type { Host, HostOptions } from './host/start-host.ts';
import { openControl } from './host/control-channel.ts';
import type { HostClients } from './host/host-clients.ts';
import { hostClients } from './host/host-clients.ts';
import { serveContract } from './host/serve-contract.ts';
import { startHost } from './host/start-host.ts';
import { version } from './host/version.ts';

const developing = !app.isPackaged;
const devPage = developing ? developmentPage(process.env['ELECTRON_RENDERER_URL']) : undefined;
const page = devPage ?? appPage;
const preload = join(import.meta.dirname, '../preload/preload.cjs');
const uiFolder = join(import.meta.dirname, '../renderer');

try {
  if (isWatchdog(process.argv)) {
    watch().then(() => app.exit(0), fail);
  } else {
    const options = desktopFlags(process.argv.slice(1));
    if (prepare(options.dataDir)) start({ ...options, version: version() }).catch(fail);
  }
} catch (error) {
  fail(error);
}

/** All that Electron wants to know before it is ready. False when another Hopscope has this data directory. */
function prepare(dataDir: string): boolean {
  app.setName('Hopscope');
  // What Chromium keeps goes beside the app's own data, and one data directory belongs to one window.
  const chromiumDir = join(dataDir, 'window');
  mkdirSync(chromiumDir, { recursive: true });
  app.setPath('userData', chromiumDir);
  if (!app.requestSingleInstanceLock()) {
    log('Hopscope is running already; its window was asked to come forward');
    app.exit(0);
    return false;
  }
  app.enableSandbox();
  registerAppScheme();
  keepPagesInPlace(devPage);
  return true;
}

/** Starts the engine with its surroundings, then the window that shows it. */
async function start(options: HostOptions): Promise<void> {
  await app.whenReady();
  const protector = await keyProtector();
  const host = await startHost(protector === undefined ? options : { ...options, keyProtector: protector });
  const clients = hostClients(host.engine, options.dataDir, desktopWatchdog(), log);
  await clients.recover();
  drainBeforeQuitting(host, clients);
  const { defaultSession } = session;
  denyPermissions(defaultSession);
  await cutOff(defaultSession, devPage);
  serveApp(defaultSession.protocol, new UiFiles(uiFolder));
  setApplicationMenu({ version: options.version, developing });
  const contract = serveContract(host.engine, clients, log);
  await openControl(contract, options.dataDir, log);
  const transport = new IpcTransport(contract, { ipc: ipcMain, page, onRefused: log });
  const open = windowOpener(transport);
  app.on('activate', () => void open().catch(fail));
  app.on('second-instance', () => void open().catch(fail));
  app.on('window-all-closed', () => {
    // On macOS an app without windows stays in the dock, and the proxy with it.
    if (process.platform !== 'darwin') app.quit();
  });
  await open();
}

/** Gives the function that brings the app's one window forward, or makes it. */
function windowOpener(transport: IpcTransport): () => Promise<void> {
  let current: BrowserWindow | undefined;
  return async () => {
    if (current !== undefined) {
      if (current.isMinimized()) current.restore();
      current.show();
      return;
    }
    const window = createMainWindow({ page, preload, developing }, log);
    current = window;
    window.once('closed', () => (current = undefined));
    transport.admit(window.webContents);
    await loadPage(window, page);
  };
}

/** Lets running exchanges end before the process does. The windows are gone by then, so nobody waits for it. */
function drainBeforeQuitting(host: Host, clients: HostClients): void {
  let stopping = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    clients
      .release()
      .then(() => host.stop())
      .then(() => app.exit(0), fail);
  });
}

function log(sentence: string): void {
  process.stderr.write(`hopscope: ${sentence}\n`);
}

/** Tells at the terminal and on the screen what cannot be gone on from, and exits. */
function fail(error: unknown): void {
  // Commander has told of wrong flags already; whoever gives flags sits at a terminal.
  if (!(error instanceof CommanderError)) {
    const message = error instanceof Error ? error.message : String(error);
    log(message);
    // Before it is ready, Electron has only the terminal to show it on under Linux.
    if (app.isReady() || process.platform !== 'linux') dialog.showErrorBox('Hopscope cannot go on', message);
  }
  app.exit(exitCodeOf(error));
}
