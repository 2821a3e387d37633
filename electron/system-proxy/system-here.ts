import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { gnomeProxy } from './gnome-proxy.ts';
import { kdeProxy } from './kde-proxy.ts';
import { macosProxy } from './macos-proxy.ts';
import type { ProxySystem } from './proxy-system.ts';
import { windowsProxy } from './windows-proxy.ts';

/** What tells systems apart. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a program is on PATH. */
  readonly has: (program: string) => boolean;
}

/** The surroundings of this process. */
export function surroundings(): Surroundings {
  const { env, platform } = process;
  const folders = (env['PATH'] ?? '').split(delimiter);
  return { platform, env, has: (program) => folders.some((folder) => existsSync(join(folder, program))) };
}

/** The system whose proxy programs here use; undefined where we know of none. */
export function systemHere({ platform, env, has }: Surroundings): ProxySystem | undefined {
  if (platform === 'darwin') return macosProxy;
  if (platform === 'win32') return windowsProxy;
  if (platform !== 'linux') return undefined;
  const desktops = (env['XDG_CURRENT_DESKTOP'] ?? '').split(':');
  const generation = has('kwriteconfig6') ? 6 : has('kwriteconfig5') ? 5 : undefined;
  if (desktops.includes('KDE') && generation !== undefined) return kdeProxy(generation);
  // Cinnamon, MATE, Budgie, Xfce's programs and Chromium on all of them read GNOME's settings.
  return has('gsettings') ? gnomeProxy : undefined;
}

/** The system that a journal names, whatever desktop runs now. */
export function systemNamed(name: ProxySystem['name'], { has }: Surroundings): ProxySystem {
  if (name === 'macos') return macosProxy;
  if (name === 'windows') return windowsProxy;
  return name === 'gnome' ? gnomeProxy : kdeProxy(has('kwriteconfig6') ? 6 : 5);
}
