// Builds the renderer alone, with the settings that electron-vite gives it: the headless host needs nothing else built.
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveConfig } from 'electron-vite';
import { build } from 'vite';
import { projectRoot } from './project.ts';

const target = join(projectRoot, 'out', 'renderer');
// Built beside its place and moved there whole, so that two hosts started at once never serve each other's half-written files.
const fresh = join(projectRoot, 'out', `renderer.${process.pid}.new`);
const old = join(projectRoot, 'out', `renderer.${process.pid}.old`);

const { config } = await resolveConfig({ root: projectRoot, logLevel: 'warn' }, 'build', 'production');
if (!config?.renderer) throw new Error('electron.vite.config.ts has no renderer section');
try {
  await build({
    ...config.renderer,
    configFile: false,
    mode: 'production',
    logLevel: 'warn',
    build: { ...config.renderer.build, outDir: fresh },
  });
  if (existsSync(target)) await rename(target, old);
  await rename(fresh, target);
} finally {
  await rm(fresh, { recursive: true, force: true });
  await rm(old, { recursive: true, force: true });
}
