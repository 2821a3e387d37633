import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseAppLink } from '../../electron/desktop/app-link.ts';
import { desktopWords } from '../../electron/desktop/desktop-words.ts';
import { FailureLimit } from '../../electron/desktop/failure-limit.ts';
import { launchWishes } from '../../electron/desktop/launch-wishes.ts';
import type { MenuEntry, MenuState } from '../../electron/desktop/menu-template.ts';
import { menuTemplate } from '../../electron/desktop/menu-template.ts';
import { parseSecondStart } from '../../electron/desktop/second-start.ts';
import { trayTemplate } from '../../electron/desktop/tray-template.ts';
import { boundsFor } from '../../electron/desktop/window-bounds.ts';
import { WindowMail } from '../../electron/desktop/window-mail.ts';
import { WindowStateFile } from '../../electron/desktop/window-state-file.ts';
import { COMMAND_IDS } from '../../shared/commands.ts';

describe('a hopscope: link', () => {
  it.each([
    ['hopscope://open?session=Monday', { session: 'Monday' }],
    ['HOPSCOPE://open/?filter=status%3A4xx%20-type%3Aimage', { filter: 'status:4xx -type:image' }],
    ['hopscope://open?session=A&filter=b', { session: 'A', filter: 'b' }],
  ])('%s is understood', (link, wish) => expect(parseAppLink(link)).toEqual(wish));

  it.each([
    ['another action', 'hopscope://delete?session=Monday'],
    ['no wish', 'hopscope://open'],
    ['an empty name', 'hopscope://open?session='],
    ['something more', 'hopscope://open?session=A&run=b'],
    ['two sessions', 'hopscope://open?session=A&session=B'],
    ['a path', 'hopscope://open?session=..%2F..%2Fetc%2Fpasswd'],
    ['a path of Windows', 'hopscope://open?session=C%3A%5Cx'],
    ['a name that is shown as another', 'hopscope://open?session=a%E2%80%AEb'],
    ['a control character', 'hopscope://open?filter=a%00b'],
    ['a filter without end', `hopscope://open?filter=${'x'.repeat(1_001)}`],
    ['another scheme', 'https://open/?session=A'],
    ['no link at all', 'open?session=A'],
  ])('with %s is not', (_name, link) => expect(parseAppLink(link)).toBeUndefined());
});

describe('a command line', () => {
  it('has files, links and switches of Chromium among its words', () => {
    const words = [
      '/app',
      'a.har',
      '--no-sandbox',
      'hopscope://open?session=x',
      '/b.hopscope',
      'file:///tmp/c%20d.har',
      '',
    ];
    expect(launchWishes(words, '/home/me', '/app')).toEqual({
      files: ['/home/me/a.har', '/b.hopscope', '/tmp/c d.har'],
      links: ['hopscope://open?session=x'],
    });
  });

  it('of a second start is taken only in the shape that ours has', () => {
    expect(parseSecondStart({ args: ['a.har'], cwd: '/' })).toEqual({ args: ['a.har'], cwd: '/' });
    for (const other of [undefined, null, 'a.har', {}, { args: 'a', cwd: '/' }, { args: [1], cwd: '/' }]) {
      expect(parseSecondStart(other)).toBeUndefined();
    }
  });
});

describe('the window', () => {
  const main = { x: 0, y: 30, width: 1920, height: 1050 };
  const second = { x: 1920, y: 0, width: 2560, height: 1440 };
  const at = (x: number, y: number, width = 1000, height = 700) => ({
    bounds: { x, y, width, height },
    maximized: false,
  });

  it('has its usual size at first, or what the display has', () => {
    expect(boundsFor(undefined, [main])).toEqual({ width: 1360, height: 860 });
    expect(boundsFor(undefined, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual({ width: 1280, height: 720 });
    expect(boundsFor(undefined, [])).toEqual({ width: 1360, height: 860 });
  });

  it.each([
    ['is where it was', at(200, 100), { x: 200, y: 100, width: 1000, height: 700 }],
    ['stays on a second display', at(2500, 300), { x: 2500, y: 300, width: 1000, height: 700 }],
    ['comes back from beyond an edge', at(1700, -20), { x: 920, y: 30, width: 1000, height: 700 }],
    ['becomes smaller with its display', at(10, 40, 3000, 2000), { x: 0, y: 30, width: 1920, height: 1050 }],
  ])('%s', (_name, saved, expected) => {
    const areas = saved.bounds.x === 2500 ? [main, second] : [main];
    expect(boundsFor(saved, areas)).toEqual(expected);
  });

  it('keeps its size where its display is gone, and leaves its place to the system', () => {
    expect(boundsFor(at(2500, 300), [main])).toEqual({ width: 1000, height: 700 });
    expect(boundsFor(at(100, 5000), [main])).toEqual({ width: 1000, height: 700 });
  });

  it('finds its place again in a file, and sets one aside that makes no sense', () => {
    const directory = mkdtempSync(join(tmpdir(), 'hopscope-window-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const told: string[] = [];
    const file = new WindowStateFile(directory, (sentence) => told.push(sentence));
    expect(file.read()).toBeUndefined();
    file.write(at(1, 2));
    expect(file.read()).toEqual(at(1, 2));
    for (const damage of ['{', '{"bounds":{"x":0,"y":0,"width":0,"height":1},"maximized":false}']) {
      writeFileSync(join(directory, 'window.json'), damage);
      expect(file.read()).toBeUndefined();
      expect(readFileSync(join(directory, 'window.json.corrupt'), 'utf8')).toBe(damage);
    }
    expect(readdirSync(directory)).toEqual(['window.json.corrupt']);
    expect(told).toHaveLength(2);
    new WindowStateFile(join(directory, 'none'), (sentence) => told.push(sentence)).write(at(1, 2));
    expect(told.at(-1)).toMatch(/could not be kept/);
  });
});

describe('what has failed', () => {
  it('is started anew once, asked about when it fails again at once, and started anew after a quiet time', () => {
    let now = 0;
    const limit = new FailureLimit(() => now);
    expect(limit.failed()).toBe('restart');
    now += 59_000;
    expect(limit.failed()).toBe('ask');
    now += 61_000;
    expect(limit.failed()).toBe('restart');
  });
});

describe('mail for the page', () => {
  it('waits until a page listens, and again while there is none', () => {
    const mail = new WindowMail();
    const came: unknown[] = [];
    mail.onEvent((event) => came.push(event));
    const event = (id: string) => ({ kind: 'command', id }) as const;
    mail.post(event('a'));
    expect(mail.open()).toEqual([event('a')]);
    mail.post(event('b'));
    expect(came).toEqual([event('b')]);
    mail.hold();
    mail.post(event('c'));
    expect(came).toEqual([event('b')]);
    expect(mail.open()).toEqual([event('c')]);
    expect(mail.open()).toEqual([]);
  });
});

const state: MenuState = {
  ...{ platform: 'linux', words: desktopWords('en'), titles: {}, developing: false, updates: false },
  engine: { recording: true, cacheMode: 'private' },
};

function items(template: readonly MenuEntry[]): MenuEntry[] {
  return template.flatMap((entry) => [entry, ...items(entry.submenu ?? [])]);
}

function commandsIn(template: readonly MenuEntry[]): Map<string, MenuEntry> {
  return new Map(
    items(template).flatMap((entry) => (entry.action?.kind === 'command' ? [[entry.action.id, entry]] : [])),
  );
}

/** Files are opened by an item of its own. */
const MENU_COMMANDS = COMMAND_IDS.filter((id) => id !== 'recording.openFile');

describe('the menu', () => {
  it('has every command of the page once, with its keys, which the page takes itself', () => {
    const commands = commandsIn(menuTemplate(state));
    expect([...commands.keys()].sort()).toEqual([...MENU_COMMANDS].sort());
    expect(commands.get('recording.clear')).toMatchObject({
      accelerator: 'CmdOrCtrl+Shift+Delete',
      registerAccelerator: false,
    });
    expect(commands.get('list.next')).toMatchObject({ accelerator: 'J', registerAccelerator: false });
  });

  it('has only keys on macOS that nobody types', () => {
    const commands = commandsIn(menuTemplate({ ...state, platform: 'darwin' }));
    expect(commands.get('go.cache')).toMatchObject({ accelerator: 'CmdOrCtrl+2' });
    expect(commands.get('list.next')).not.toHaveProperty('accelerator');
    expect(menuTemplate({ ...state, platform: 'darwin' })[0]).toEqual({ role: 'appMenu' });
  });

  it('shows what is on, in the words of the page', () => {
    const titles = { 'recording.toggle': 'Pause & resume' };
    const commands = commandsIn(menuTemplate({ ...state, titles, words: desktopWords('zh-Hans-CN') }));
    expect(commands.get('recording.toggle')).toMatchObject({
      label: 'Pause && resume',
      type: 'checkbox',
      checked: false,
    });
    expect(commands.get('cache.private')).toMatchObject({ type: 'radio', checked: true });
    expect(commands.get('cache.off')).toMatchObject({ type: 'radio', checked: false });
    expect(menuTemplate({ ...state, words: desktopWords('zh-TW') })[0]?.label).toBe('文件');
  });

  it('can be developed with, updated from, and used without an engine', () => {
    const roles = (entries: readonly MenuEntry[]): (string | undefined)[] => items(entries).map(({ role }) => role);
    expect(roles(menuTemplate(state))).not.toContain('toggleDevTools');
    expect(roles(menuTemplate({ ...state, developing: true }))).toContain('toggleDevTools');
    const kinds = (entries: readonly MenuEntry[]) => items(entries).map(({ action }) => action?.kind);
    expect(kinds(menuTemplate(state))).not.toContain('check-update');
    expect(kinds(menuTemplate({ ...state, updates: true }))).toContain('check-update');
    expect(commandsIn(menuTemplate({ ...state, engine: undefined })).size).toBe(MENU_COMMANDS.length);
  });
});

describe('the tray', () => {
  it('has the switches of the engine, and quits', () => {
    const upstreams = [
      { id: 'demo', label: 'Demo & more' },
      { id: 'api', label: 'API' },
    ];
    const words = desktopWords('en');
    const engine = {
      ...{ address: '127.0.0.1:9000', recording: true, cacheMode: 'shared' as const, upstreams, activeUpstream: 'api' },
    };
    const menu = trayTemplate({ words, engine });
    expect(menu.map(({ label }) => label)).toEqual([
      ...['Show Hopscope', '127.0.0.1:9000', undefined],
      ...['Record traffic', 'Cache', 'Upstream', undefined, 'Quit Hopscope'],
    ]);
    expect(menu[3]).toMatchObject({ checked: true, action: { patch: { record: { paused: true } } } });
    expect(menu[4]?.submenu?.filter(({ checked }) => checked)).toMatchObject([{ label: 'Shared' }]);
    expect(menu[5]?.submenu).toMatchObject([
      { label: 'Demo && more', checked: false, action: { patch: { activeUpstream: 'demo' } } },
      { label: 'API', checked: true },
    ]);
    expect(trayTemplate({ words, engine: undefined }).map(({ action }) => action)).toEqual(['show', undefined, 'quit']);
  });
});
