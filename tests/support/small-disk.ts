import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A file system of its own that is small enough to be filled, or why there is none here. */
export type SmallDisk = { readonly directory: string } | { readonly obstacle: string };

/** Mounts an empty one of `size`, as in `2m`, that everybody may write to; gone when the test ends. Only root on Linux can. */
export async function smallDisk(size: string): Promise<SmallDisk> {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-disk-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const options = `size=${size},mode=777`;
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory]);
  if (status !== 0) return { obstacle: 'no small file system can be mounted here' };
  onTestFinished(() => void spawnSync('umount', ['-l', directory]));
  return { directory };
}

/** Takes what room is left on the disk of `directory`; resolves with what gives it back. */
export async function fillDisk(directory: string): Promise<() => Promise<void>> {
  const ballast = join(directory, 'ballast');
  const { bavail, bsize } = await statfs(directory);
  await writeFile(ballast, Buffer.alloc(bavail * bsize));
  return () => rm(ballast);
}
