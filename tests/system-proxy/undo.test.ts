import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc } from '../support/property.ts';
import { expect, it, onTestFinished } from 'vitest';
import { gnomeProxy } from '../../electron/system-proxy/gnome-proxy.ts';
import { journalFile, readJournal, writeJournal } from '../../electron/system-proxy/journal.ts';
import type { ProxyState, Run } from '../../electron/system-proxy/proxy-system.ts';
import { perform } from '../../electron/system-proxy/proxy-system.ts';
import { stateToRestore, undo } from '../../electron/system-proxy/undo.ts';

const url = 'http://127.0.0.1:40123/0011223344556677/hopscope.pac';
const { address } = gnomeProxy;
const corp = "'http://corp.example/proxy.pac'";

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-undo-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

class Killed extends Error {}

/** A desktop that understands gsettings, and kills whoever gives it one command more than `life` allows. */
class Desktop {
  readonly values = new Map<string, string>();
  life = Number.POSITIVE_INFINITY;

  constructor(mode: string, url: string) {
    this.values.set('mode', mode).set('autoconfig-url', url);
  }

  readonly run: Run = ({ args: [verb, , key = '', value = ''] }) => {
    if (this.life-- <= 0) return Promise.reject(new Killed());
    if (verb === 'set') this.values.set(key, value);
    return Promise.resolve({ code: 0, stdout: `${this.values.get(key) ?? ''}\n` });
  };

  get state(): ProxyState {
    return { proxy: Object.fromEntries(this.values) };
  }

  /** Whether programs would ask for our script: what must never be so when all is over. */
  get isOurs(): boolean {
    return gnomeProxy.uses(this.state, url);
  }
}

/** The steps of turning on, as the program has them; says which of them was the last that was done. */
async function turnOn(desktop: Desktop, directory: string): Promise<void> {
  const before = await gnomeProxy.read(desktop.run);
  const ours = gnomeProxy.withScript(before, url);
  await writeJournal(directory, { version: 1, system: 'gnome', url, before, ours });
  await perform(desktop.run, gnomeProxy.write(before, ours));
}

async function survive(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
}

const state = fc.record({
  mode: fc.constantFrom("'none'", "'manual'", "'auto'"),
  url: fc.constantFrom("''", corp, "'http://127.0.0.1:1/dead.pac'"),
});
const interference = fc.option(
  fc.record({
    key: fc.constantFrom('mode', 'autoconfig-url'),
    value: fc.constantFrom("'none'", "'manual'", "'auto'", "'http://other.example/x.pac'"),
  }),
);
/** Commands until the kill: reading takes two, setting two, undoing six. */
const life = fc.integer({ min: 0, max: 12 });

it('restores what was there, whenever it is killed, however often, and leaves alone what somebody else has set', async () => {
  const directory = await temporaryDirectory();
  await fc.assert(
    fc.asyncProperty(state, life, interference, fc.array(life, { maxLength: 3 }), async (was, first, change, kills) => {
      const desktop = new Desktop(was.mode, was.url);
      const before = desktop.state;
      desktop.life = first;
      await survive(turnOn(desktop, directory));
      if (change !== null && (change.key === 'mode') === !change.value.startsWith("'http"))
        desktop.values.set(change.key, change.value);
      const between = desktop.state;
      const journal = await readJournal(directory);
      for (const kill of kills) {
        desktop.life = kill;
        await survive(undo(directory, desktop.run, () => gnomeProxy));
      }
      desktop.life = Number.POSITIVE_INFINITY;
      await undo(directory, desktop.run, () => gnomeProxy);

      expect(desktop.isOurs).toBe(false);
      const isForeign = journal !== undefined && stateToRestore(between, journal, address).foreign.length > 0;
      // Nothing was touched before the journal was there.
      expect(desktop.state).toEqual(isForeign || journal === undefined ? between : before);
      // Who has set another one may set ours back one day.
      expect(await readJournal(directory)).toEqual(isForeign ? journal : undefined);
      await rm(journalFile(directory), { force: true });
    }),
    { numRuns: 200 },
  );
});

it('says what was not restored because somebody else has set it', async () => {
  const directory = await temporaryDirectory();
  const desktop = new Desktop("'none'", "''");
  await turnOn(desktop, directory);
  desktop.values.set('autoconfig-url', corp);
  expect(await undo(directory, desktop.run, () => gnomeProxy)).toBe('left');
  expect(desktop.state).toEqual({ proxy: { mode: "'auto'", 'autoconfig-url': corp } });
  await turnOn(desktop, directory);
  expect(await undo(directory, desktop.run, () => gnomeProxy)).toBe('restored');
  expect(await undo(directory, desktop.run, () => gnomeProxy)).toBeUndefined();
});

it('takes being switched off by hand for no choice of another proxy', () => {
  const before = { proxy: { mode: "'none'", 'autoconfig-url': "''" } };
  const ours = gnomeProxy.withScript(before, url);
  const switchedOff = { proxy: { ...ours['proxy'], mode: "'none'" } };
  expect(stateToRestore(switchedOff, { before, ours }, address)).toEqual({ target: before, foreign: [] });
});

it('takes a desktop that is to find its script by itself for a choice of somebody', () => {
  const before = { proxy: { mode: "'none'", 'autoconfig-url': "''" } };
  const ours = gnomeProxy.withScript(before, url);
  const discovering = { proxy: { ...ours['proxy'], 'autoconfig-url': "''" } };
  expect(stateToRestore(discovering, { before, ours }, address)).toEqual({ target: discovering, foreign: ['proxy'] });
});

it('undoes what a VPN has set back that found us, long after we were gone', async () => {
  const directory = await temporaryDirectory();
  const desktop = new Desktop("'none'", "''");
  await turnOn(desktop, directory);
  const found = desktop.values.get('autoconfig-url') ?? '';
  desktop.values.set('autoconfig-url', corp);
  for (const _end of ['ours', 'the next one’s']) {
    expect(await undo(directory, desktop.run, () => gnomeProxy)).toBe('left');
    expect(desktop.values.get('autoconfig-url')).toBe(corp);
  }
  desktop.values.set('autoconfig-url', found);
  expect(desktop.isOurs).toBe(true);
  expect(await undo(directory, desktop.run, () => gnomeProxy)).toBe('restored');
  expect(desktop.state).toEqual({ proxy: { mode: "'none'", 'autoconfig-url': "''" } });
  expect(await readJournal(directory)).toBeUndefined();
});

it('has nothing to undo, and says so, when it was ended before it changed anything', async () => {
  const directory = await temporaryDirectory();
  const desktop = new Desktop("'none'", "''");
  // Two looks, and no change.
  desktop.life = 2;
  await survive(turnOn(desktop, directory));
  expect(await readJournal(directory)).toBeDefined();
  desktop.life = 2;
  expect(await undo(directory, desktop.run, () => gnomeProxy)).toBeUndefined();
  expect(await readJournal(directory)).toBeUndefined();
});

it('decides for each network service alone, and leaves those that came since', () => {
  const off = { url: null, enabled: 'No' };
  const our = { url, enabled: 'Yes' };
  const other = { url: 'http://corp.example/', enabled: 'Yes' };
  const journal = { before: { a: off, b: off, gone: off }, ours: { a: our, b: our, gone: our } };
  const { target, foreign } = stateToRestore({ a: our, b: other, since: other }, journal, 'url');
  expect(target).toEqual({ a: off, b: other, since: other });
  expect(foreign).toEqual(['b']);
});

it('says what to do with a journal of a newer version, and with one that it may not read', async () => {
  const directory = await temporaryDirectory();
  await writeFile(journalFile(directory), '{"version":2,"more":true}');
  await expect(readJournal(directory)).rejects.toThrow(
    /^a newer Hopscope has set it .*start that one, or set the proxy by/,
  );
  await rm(journalFile(directory));
  await mkdir(journalFile(directory));
  await expect(readJournal(directory)).rejects.toThrow(
    /cannot be read \(EISDIR\); set the proxy by hand and delete it$/,
  );
});

it.each(['', '{', '{"version":0}', '[]'])('refuses a journal that it did not write: %j', async (text) => {
  const directory = await temporaryDirectory();
  await writeFile(journalFile(directory), text);
  await expect(readJournal(directory)).rejects.toThrow('does not hold what Hopscope wrote');
});
