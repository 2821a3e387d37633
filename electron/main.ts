import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { app, dialog, session } from 'electron';
import { messageOf } from '../shared/message-of.ts';
import { UiFiles } from './bridge/ui-files.ts';
import { appImage, leaveAppImage } from './desktop/app-image.ts';
import { registerAppScheme, serveApp } from './desktop/app-protocol.ts';
import { placeChromium } from './desktop/chromium-directory.ts';
import { commandIn, runCommand } from './desktop/command-start.ts';
import { DesktopApp } from './desktop/desktop-app.ts';
import type { DesktopStart } from './desktop/desktop-flags.ts';
import { desktopFlags } from './desktop/desktop-flags.ts';
import { HandedOver } from './desktop/handed-over.ts';
import { keyProtector } from './desktop/key-protector.ts';
import { launchWishes } from './desktop/launch-wishes.ts';
import { appPage, developmentPage } from './desktop/page-address.ts';
import { cutOff, denyPermissions, keepPagesInPlace } from './desktop/policies.ts';
import { parseSecondStart } from './desktop/second-start.ts';
import { isWatchdog, watch } from './desktop/system-proxy-watchdog.ts';
import { hasTray } from './desktop/tray-icon.ts';
import { updateObstacle } from './desktop/update-obstacle.ts';
import { Updater } from './desktop/updater.ts';
import { exitCodeOf } from './host/hopscope-command.ts';
import { version } from './host/version.ts';
import { withoutSecrets } from './host/without-secrets.ts';

const developing = !app.isPackaged;
const devPage = developing ? developmentPage(process.env['ELECTRON_RENDERER_URL']) : undefined;
const args = process.argv.slice(1);
/** What the system asks to be opened may come at any time. */
const handedOver = new HandedOver();

try {
  leaveAppImage();
  const command = commandIn(args);
  if (command !== undefined) {
    runCommand(command).then((code) => app.exit(code), failCommand);
  } else if (isWatchdog(process.argv)) {
    watch().then(() => app.exit(0), fail);
  } else {
    const flags = desktopFlags(args);
    if (prepare(flags.host.dataDir)) start(flags).catch(fail);
  }
} catch (error) {
  fail(error);
}

/** All that Electron wants to know before it is ready. False when another Hopscope has this data directory. */
function prepare(dataDir: string): boolean {
  app.setName('Hopscope');
  // By this, Windows knows whose notifications and which button of the taskbar a window's are; elsewhere packages say it.
  if (process.platform === 'win32') app.setAppUserModelId('io.github.hopscope.Hopscope');
  placeChromium(dataDir);
  // One data directory belongs to one window.
  if (!app.requestSingleInstanceLock({ args, cwd: process.cwd() })) {
    log('Hopscope is running already; its window was asked to come forward');
    app.exit(0);
    return false;
  }
  app.enableSandbox();
  registerAppScheme();
  keepPagesInPlace(devPage);
  handedOver.listen();
  return true;
}

/** Starts the engine with its surroundings, then the window that shows it. */
async function start({ host, words }: DesktopStart): Promise<void> {
  await app.whenReady();
  const { defaultSession } = session;
  denyPermissions(defaultSession);
  await cutOff(defaultSession, devPage);
  serveApp(defaultSession.protocol, new UiFiles(join(import.meta.dirname, '../renderer')));
  app.setAboutPanelOptions({ applicationName: 'Hopscope', applicationVersion: version() });
  const [protector, tray] = await Promise.all([keyProtector(), hasTray()]);
  const updater = new Updater({
    obstacle: updateObstacle({
      ...{ packaged: app.isPackaged, platform: process.platform, appImage, env: process.env },
      configured: app.isPackaged && existsSync(join(process.resourcesPath, 'app-update.yml')),
    }),
    load: async () => {
      // That is where electron-updater looks for the file which it is to replace.
      if (appImage !== undefined) process.env['APPIMAGE'] = appImage;
      return (await import('electron-updater')).default.autoUpdater;
    },
    onChange: (status) => desktop.updateChanged(status),
  });
  const desktop = new DesktopApp({
    host: { ...host, version: version(), ...(protector === undefined ? {} : { keyProtector: protector }) },
    page: devPage ?? appPage,
    preload: join(import.meta.dirname, '../preload/preload.cjs'),
    assets: join(import.meta.dirname, '../../assets'),
    ...{ developing, tray, updater, log, fail },
  });
  drainBeforeQuitting(desktop);
  const started = desktop.start();
  app.on('activate', () => void started.then(() => desktop.show()).catch(fail));
  // Before the start is over, so that who starts it once more meanwhile is heard, too.
  app.on('second-instance', (_event, _argv, _cwd, data) => {
    const second = started.then(() => desktop.secondStart(parseSecondStart(data)));
    second.catch((error: unknown) => log(messageOf(error)));
  });
  await started;
  process.on('uncaughtException', (error) => void desktop.engineFailed(error).catch(fail));
  app.on('window-all-closed', () => {
    // On macOS an app without windows stays in the dock, elsewhere at the tray where there is one, and the proxy with it.
    if (process.platform !== 'darwin' && !tray) app.quit();
  });
  handedOver.deliver((wishes) => void desktop.open(wishes).catch(fail));
  await desktop.open(launchWishes(words, process.cwd(), app.getAppPath()));
  await updater.check();
}

/** Lets running exchanges end before the process does. The windows are gone by then, so nobody waits for it. */
function drainBeforeQuitting(desktop: DesktopApp): void {
  let stopping = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    desktop.stop().then(() => app.exit(0), fail);
  });
}

function log(sentence: string): void {
  process.stderr.write(`hopscope: ${withoutSecrets(sentence)}\n`);
}

/** Tells at the terminal alone: a command shows nothing. */
function failCommand(error: unknown): void {
  log(messageOf(error));
  app.exit(1);
}

/** Tells at the terminal and on the screen what cannot be gone on from, and exits. */
function fail(error: unknown): void {
  // Commander has told of wrong flags already; whoever gives flags sits at a terminal.
  if (!(error instanceof CommanderError)) {
    const message = messageOf(error);
    log(message);
    // Before Electron is ready, it would show it on the terminal alone under Linux.
    void app.whenReady().then(() => {
      dialog.showErrorBox('Hopscope cannot go on', message);
      app.exit(exitCodeOf(error));
    });
    return;
  }
  app.exit(exitCodeOf(error));
}
