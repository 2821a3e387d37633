import { describe, expect, it } from 'vitest';
import { appImageOf, withoutAppImage } from '../../electron/desktop/app-image.ts';

const mount = '/tmp/.mount_HopscoAbCdEf';
const program = `${mount}/hopscope`;
/** What the runtime of an AppImage (type 2) and electron-builder's AppRun add to an environment that has a PATH alone. */
const added = {
  APPIMAGE: '/home/me/Hopscope.AppImage',
  APPDIR: mount,
  ARGV0: './Hopscope.AppImage',
  OWD: '/home/me',
  PATH: `${mount}:${mount}/usr/sbin:/usr/bin:/bin`,
  XDG_DATA_DIRS: `${mount}/usr/share/:/usr/share/gnome:/usr/local/share/:/usr/share/`,
  LD_LIBRARY_PATH: `${mount}/usr/lib`,
  GSETTINGS_SCHEMA_DIR: `${mount}/usr/share/glib-2.0/schemas`,
};

describe('an AppImage', () => {
  it('leaves nothing of itself in the environment of what it starts', () => {
    const env = { ...added, HOME: '/home/me', EMPTY: '', NOTHING: undefined };
    expect(withoutAppImage(env, program)).toEqual({
      ...{ HOME: '/home/me', EMPTY: '', PATH: '/usr/bin:/bin' },
      XDG_DATA_DIRS: '/usr/share/gnome:/usr/local/share/:/usr/share/',
    });
    expect(JSON.stringify(withoutAppImage(env, program))).not.toContain(mount);
  });

  it('leaves what was there before', () => {
    const env = {
      ...added,
      LD_LIBRARY_PATH: `${mount}/usr/lib:/opt/mine/lib`,
      GSETTINGS_SCHEMA_DIR: `${mount}/usr/share/glib-2.0/schemas:${mount}2`,
    };
    expect(withoutAppImage(env, program)).toMatchObject({
      LD_LIBRARY_PATH: '/opt/mine/lib',
      // Another one whose mount begins with the same name.
      GSETTINGS_SCHEMA_DIR: `${mount}2`,
    });
  });

  it('is known by its program; what another AppImage has started is none of it', () => {
    expect(appImageOf(added, program)).toBe(added.APPIMAGE);
    expect(appImageOf(added, '/opt/Hopscope/hopscope')).toBeUndefined();
    expect(withoutAppImage(added, '/opt/Hopscope/hopscope')).toEqual(added);
    expect(appImageOf({}, '/opt/Hopscope/hopscope')).toBeUndefined();
    expect(withoutAppImage({ PATH: '/bin' }, program)).toEqual({ PATH: '/bin' });
  });
});
