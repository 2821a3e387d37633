import { describe, expect, it } from 'vitest';
import { electronApps, electronObstacle } from './electron-app.ts';
import { applicationJourneys } from './journeys/application-journeys.ts';
import { diskJourneys } from './journeys/disk-journeys.ts';
import { desktopJourneys } from './journeys/desktop-journeys.ts';
import { lifecycleJourneys } from './journeys/lifecycle-journeys.ts';
import { sharedApp } from './journeys/running-app.ts';
import { securityJourneys } from './journeys/security-journeys.ts';
import { surroundingsJourneys } from './journeys/surroundings-journeys.ts';
import { windowJourneys } from './journeys/window-journeys.ts';

const obstacle = electronObstacle();
if (obstacle !== undefined) {
  const sentence = `The desktop app was not tested in the real Electron: ${obstacle}`;
  // Where it must be tested, as before a release, that is a failure.
  if (process.env['ELECTRON_REQUIRED'] === '1') throw new Error(sentence);
  console.log(sentence);
}

describe.skipIf(obstacle !== undefined)('in the real Electron', () => {
  desktopJourneys(electronApps);
  applicationJourneys(electronApps);
  lifecycleJourneys(electronApps);
  windowJourneys(electronApps);
  surroundingsJourneys(electronApps);
  diskJourneys(electronApps);

  describe('one app', () => {
    const desktop = sharedApp(electronApps);
    securityJourneys(desktop);

    it('has a page of the secured kind, which reaches no proxy of the system', async () => {
      const found = await desktop.app.evaluate(async ({ BrowserWindow, session }) => {
        const [window] = BrowserWindow.getAllWindows();
        const contents = window!.webContents as unknown as { getLastWebPreferences(): Electron.WebPreferences };
        const { sandbox, contextIsolation, nodeIntegration, webviewTag } = contents.getLastWebPreferences();
        const proxy = await session.defaultSession.resolveProxy('http://example.com/');
        return { sandbox, contextIsolation, nodeIntegration, webviewTag, proxy };
      }, undefined);
      expect(found).toEqual({
        ...{ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false },
        proxy: 'DIRECT',
      });
    });
  });
});
