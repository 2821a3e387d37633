import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HealthFacts } from '../../electron/host/health-findings.ts';
import { healthFindings } from '../../electron/host/health-findings.ts';
import { HostHealth } from '../../electron/host/host-health.ts';
import { startEngine } from '../support/engine.ts';
import { noClients } from '../support/no-clients.ts';
import { recordMany, temporaryDirectory } from '../support/recorder.ts';

const sound: HealthFacts = {
  ...{ wantedPort: 9000, usedPort: 9000, intercepts: false, trusted: false, trustCommand: 'hopscope ca install' },
  ...{ systemProxy: 'on', clientSeen: false, clocks: [], directory: '/data', writeError: undefined },
  ...{ freeBytes: 2 ** 33, storeTrouble: [] },
};
const hours = 3_600_000;

describe('what is found', () => {
  test('is nothing where everything is as it should be', () => {
    expect(healthFindings(sound)).toEqual([]);
    expect(healthFindings({ ...sound, systemProxy: 'off', clientSeen: true })).toEqual([]);
    expect(healthFindings({ ...sound, intercepts: true, trusted: true })).toEqual([]);
    // Whether it is trusted cannot be told everywhere, and port 0 is any.
    expect(healthFindings({ ...sound, intercepts: true, trusted: undefined })).toEqual([]);
    expect(healthFindings({ ...sound, wantedPort: 0, usedPort: 40_123, freeBytes: undefined })).toEqual([]);
  });

  test.each<[string, Partial<HealthFacts>, object]>([
    ['a port that is taken', { usedPort: 9001 }, { id: 'port-taken', wanted: 9000, used: 9001 }],
    ['certificates that are not trusted', { intercepts: true }, { id: 'ca-untrusted', command: 'hopscope ca install' }],
    ['a proxy that nobody uses', { systemProxy: 'off' }, { id: 'not-used', canSet: true }],
    ['one that cannot be set here', { systemProxy: 'unsupported' }, { id: 'not-used', canSet: false }],
    [
      'a directory that cannot be written to',
      { writeError: 'EROFS', freeBytes: 0 },
      { id: 'data-directory', reason: 'EROFS' },
    ],
    ['a full disk', { freeBytes: 1_000 }, { id: 'disk-full', freeBytes: 1_000 }],
    ['a cache that is not on disk', { storeTrouble: ['In use.'] }, { id: 'cache-store', reasons: ['In use.'] }],
  ])('is %s', (_name, facts, finding) => {
    expect(healthFindings({ ...sound, ...facts })).toEqual([expect.objectContaining(finding)]);
  });

  test('is a clock that several origins contradict, and not one that a single origin does', () => {
    const said = (host: string, ahead: number) => ({ host, ahead });
    const one = [said('a.test', 5 * hours), said('a.test', 5 * hours), said('b.test', 300)];
    expect(healthFindings({ ...sound, clocks: one })).toEqual([]);
    const several = [said('a.test', -2 * hours), said('b.test', -2 * hours + 400), said('c.test', -2 * hours)];
    expect(healthFindings({ ...sound, clocks: several })).toEqual([{ id: 'clock', ahead: -2 * hours, hosts: 3 }]);
    expect(healthFindings({ ...sound, clocks: [said('a.test', 3_000), said('b.test', -2_000)] })).toEqual([]);
  });
});

describe('a host', () => {
  test('looks at its engine and its directory, leaves nothing behind, and repairs what it can', async () => {
    const { engine } = await startEngine();
    engine.updateSettings({ tls: { intercept: false } });
    const dataDir = join(await temporaryDirectory(), 'data');
    await mkdir(dataDir);
    const restarts: (number | undefined)[] = [];
    const restart = (port: number | undefined): Promise<void> => Promise.resolve(void restarts.push(port));
    const look = { engine, clients: noClients, command: 'hopscope', dataDir, wantedPort: 1 };
    const health = new HostHealth({ ...look, restart });
    const ids = async (one = health): Promise<string[]> => (await one.look()).findings.map(({ id }) => id);
    expect(await ids()).toEqual(['port-taken', 'not-used']);
    expect((await health.look()).repairable).toEqual(['port-taken']);
    expect(await readdir(dataDir)).toEqual([]);
    recordMany(engine.recorder, 1);
    expect(await ids()).toEqual(['port-taken']);
    await health.repair('port-taken', 4_000);
    expect(restarts).toEqual([4_000]);
    expect((await new HostHealth(look).look()).repairable).toEqual([]);
    await expect(new HostHealth(look).repair('port-taken', undefined)).rejects.toThrow('started by a command');
    await expect(health.repair('clock', undefined)).rejects.toThrow('cannot repair');
    const nowhere = new HostHealth({ ...look, dataDir: join(dataDir, 'none') });
    expect((await nowhere.look()).findings[0]).toMatchObject({
      id: 'data-directory',
      reason: 'no file can be made there',
    });
  });
});
