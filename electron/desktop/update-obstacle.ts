import type { UpdateStatus } from '../../shared/app-contract.ts';

/** What decides whether a build can replace itself. */
export interface Installation {
  readonly packaged: boolean;
  readonly platform: NodeJS.Platform;
  /** The AppImage that it is, if it is one. */
  readonly appImage: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the build was told where its releases are (app-update.yml in its resources). */
  readonly configured: boolean;
}

/** Why this installation does not update itself; undefined when it does. */
export function updateObstacle({
  packaged,
  platform,
  appImage,
  env,
  configured,
}: Installation): UpdateObstacle | undefined {
  if (!packaged) return 'development';
  if (!configured) return 'unconfigured';
  // A deb, an rpm or an unpacked archive belongs to root or to a package manager; an AppImage is a file of its user.
  if (platform === 'linux' && appImage === undefined) return 'package-manager';
  if (platform === 'win32' && env['PORTABLE_EXECUTABLE_FILE'] !== undefined) return 'portable';
  return undefined;
}

type UpdateObstacle = Extract<UpdateStatus, { state: 'off' }>['why'];
