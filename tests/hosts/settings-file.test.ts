import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SettingsFile } from '../../electron/host/settings-file.ts';
import { defaultSettings, mergeSettings } from '../../shared/settings.ts';

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'hopscope-settings-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe('the settings file', () => {
  it('keeps what was changed', async () => {
    const path = await directory();
    const file = await SettingsFile.open(path);
    const { settings } = file;
    await file.save(settings, mergeSettings(settings, { cache: { mode: 'private' } }));
    expect((await SettingsFile.open(path)).settings.cache.mode).toBe('private');
  });

  it('does not make permanent what was overridden for one run', async () => {
    const path = await directory();
    const file = await SettingsFile.open(path);
    const overridden = mergeSettings(file.settings, { cache: { mode: 'off' }, record: { level: 'head' } });
    await file.save(overridden, mergeSettings(overridden, { record: { paused: true } }));
    expect(JSON.parse(await readFile(file.path, 'utf8'))).toEqual({ record: { paused: true } });
  });

  it('is set aside and told of where it cannot be read, as the next change would replace it', async () => {
    const path = await directory();
    await mkdir(join(path, 'settings.json'));
    const { warning, settings } = await SettingsFile.open(path);
    const [aside = ''] = await readdir(path);
    expect(aside).toMatch(/^settings\.corrupt-/);
    expect(warning).toContain(aside);
    expect(settings).toEqual(defaultSettings());
  });

  it('with a rule that makes no sense is set aside, and the warning says which one', async () => {
    const path = await directory();
    const rule = { name: 'Late', when: 'status:404', action: { type: 'block', how: 'refuse' } };
    await writeFile(join(path, 'settings.json'), JSON.stringify({ cache: { mode: 'off' }, rules: [rule] }));
    const { warning, settings } = await SettingsFile.open(path);
    expect(warning).toContain('rules.0.when: At character 1: status is not known yet when a request arrives');
    expect(settings).toEqual(defaultSettings());
    const [aside = ''] = await readdir(path);
    expect(await readFile(join(path, aside), 'utf8')).toContain('"Late"');
  });

  it('may begin with a mark of its byte order, and says in words what is missing in it', async () => {
    const path = await directory();
    await writeFile(join(path, 'settings.json'), '\ufeff{"cache":{"mode":"off"}}');
    const { warning, settings } = await SettingsFile.open(path);
    expect([warning, settings.cache.mode]).toEqual([undefined, 'off']);
    await writeFile(join(path, 'settings.json'), '{"upstreams":[{"id":"a","label":"A"}]}');
    expect((await SettingsFile.open(path)).warning).toContain('(upstreams.0.url: this is missing)');
  });

  it('keeps a cache rule of an earlier version whose pattern would be refused now', async () => {
    const path = await directory();
    const overlays = [{ name: 'Dead', pattern: 'ftp://a/*' }];
    await writeFile(join(path, 'settings.json'), JSON.stringify({ cache: { mode: 'private', overlays } }));
    const { warning, settings } = await SettingsFile.open(path);
    expect([warning, settings.cache.mode, settings.cache.overlays]).toEqual([undefined, 'private', overlays]);
    expect((await SettingsFile.open(path)).remark).toBeUndefined();
  });

  it('keeps fields of a newer version, and says that they do nothing, as typing errors would', async () => {
    const path = await directory();
    await writeFile(join(path, 'settings.json'), '{"future":{"x":1},"cache":{"mode":"off","later":2}}');
    const file = await SettingsFile.open(path);
    expect(file.remark).toMatch(/settings\.json names what is no setting of this version; .*: cache\.later, future$/);
    await file.save(file.settings, mergeSettings(file.settings, { cache: { mode: 'shared' } }));
    expect(JSON.parse(await readFile(file.path, 'utf8'))).toEqual({
      ...{ future: { x: 1 }, cache: { mode: 'shared', later: 2 } },
    });
  });
});
