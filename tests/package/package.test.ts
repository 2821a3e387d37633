import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { extractAll, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Arch, build, Platform } from 'electron-builder';
import { describe, expect, it, onTestFinished } from 'vitest';
import { projectEnv, projectRoot } from '../../scripts/project.ts';
import { startOrigin } from '../support/origin.ts';
import { runNode } from './run-node.ts';

const run = promisify(execFile);
const MIB = 1024 * 1024;
/** What marks the fuses in Electron's binary: a sentinel, the wire's version, its length, and each fuse. */
const FUSE_WIRE = `dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01\x09${'1'.repeat(9)}`;

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-package-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/** A folder that looks like Electron's, with a stand-in for its binary that has nothing but fuses. */
async function standInElectron(): Promise<string> {
  const folder = await temporaryDirectory();
  await mkdir(join(folder, 'resources'));
  await mkdir(join(folder, 'locales'));
  await writeFile(join(folder, 'electron'), `#!/bin/sh\nexit 0\n${FUSE_WIRE}`, { mode: 0o755 });
  await writeFile(join(folder, 'version'), '45.4.1');
  await writeFile(join(folder, 'LICENSE'), 'Electron');
  await writeFile(join(folder, 'LICENSES.chromium.html'), 'Chromium');
  for (const language of ['en-US', 'de']) await writeFile(join(folder, 'locales', `${language}.pak`), language);
  return folder;
}

/** What electron-builder makes a Linux package with: fpm's arguments and a desktop file, or for an AppImage that file's text. */
type Options = readonly [args: readonly string[], desktopFile: string] | { readonly desktop: string };

interface Described {
  readonly desktop: string;
  /** Where fpm puts what; nothing in an AppImage. */
  readonly targets: readonly string[];
}

async function describedBy(options: Options): Promise<Described> {
  if ('desktop' in options) return { desktop: options.desktop, targets: [] };
  const [args, desktopFile] = options;
  const targets = args.filter((word) => word.includes('=/')).map((word) => word.slice(word.indexOf('=') + 1));
  return { desktop: await readFile(desktopFile, 'utf8'), targets };
}

/** The name under which systems know the app, and windows tell that they are its. */
const IDENTITY = 'io.github.hopscope.Hopscope';
const metadata = join(projectRoot, 'build', `${IDENTITY}.metainfo.xml`);

/** Sees that all that names the app to a desktop agrees, so that windows, icon, links and files are taken for the same app's. */
async function checkIdentity(described: readonly Described[]): Promise<void> {
  const manifest = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as { desktopName: string };
  expect(manifest.desktopName).toBe(`${IDENTITY}.desktop`);
  expect(await readFile(join(projectRoot, 'electron-builder.yml'), 'utf8')).toContain(`appId: ${IDENTITY}\n`);
  const component = await readFile(metadata, 'utf8');
  expect(component).toContain(`<id>${IDENTITY}</id>`);
  expect(component).toContain(`<launchable type="desktop-id">${IDENTITY}.desktop</launchable>`);
  expect(described).toHaveLength(3);
  for (const { desktop, targets } of described) {
    expect(desktop).toMatch(/^Exec=(?:\/opt\/Hopscope\/hopscope|AppRun) %U$/m);
    expect(desktop).toContain(`\nStartupWMClass=${IDENTITY}\n`);
    expect(desktop).toContain(
      '\nMimeType=application/vnd.hopscope.session;application/har+json;x-scheme-handler/hopscope;\n',
    );
    if (targets.length === 0) continue;
    expect(targets).toEqual(
      expect.arrayContaining([
        `/usr/share/applications/${IDENTITY}.desktop`,
        `/usr/share/metainfo/${IDENTITY}.metainfo.xml`,
        '/usr/share/mime/packages/hopscope.xml',
      ]),
    );
  }
}

function hasAppStream(): boolean {
  return spawnSync('appstreamcli', ['--version']).error === undefined;
}

/** Files that no package has a use for. */
function strays(files: readonly string[]): string[] {
  return files.filter(
    (file) => !file.startsWith('/out/types/') && /\.(?:ts|tsx|map)$|\/(?:tests?|bench|renderer\/views)\//.test(file),
  );
}

/** Starts the headless host at `cli`, proxies a request through it, and ends it. */
async function proxyThrough(cli: string): Promise<void> {
  const origin = await startOrigin((request, response) => response.end(`${request.url} from the origin`));
  const directory = await temporaryDirectory();
  const host = await runNode(
    cli,
    'serve',
    '--port',
    '0',
    '--ui-port',
    '0',
    '--data-dir',
    directory,
    '--log-format',
    'json',
  );
  const { proxy, ui } = JSON.parse(host.firstLine) as { proxy: string; ui: string };
  const { stdout } = await run('curl', ['-sS', '-x', proxy, `${origin.url}/path`]);
  expect(stdout).toBe('/path from the origin');
  const page = await fetch(ui);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>Hopscope</title>')]);
  expect(await host.end()).toBe(0);
}

describe('the desktop package', { timeout: 300_000 }, () => {
  it('has what runs and nothing else, within its budget, with its fuses blown', async () => {
    const output = await temporaryDirectory();
    const described: Described[] = [];
    await build({
      targets: Platform.LINUX.createTarget(['dir', 'deb', 'rpm', 'AppImage'], Arch.x64),
      projectDir: projectRoot,
      // The tools that would write these packages are downloads; they are not begun.
      effectiveOptionComputed: async (options) => {
        described.push(await describedBy(options as Options));
        return true;
      },
      config: {
        extends: join(projectRoot, 'electron-builder.yml'),
        directories: { output },
        electronDist: await standInElectron(),
        electronVersion: '45.4.1',
      },
    });
    const app = join(output, 'linux-unpacked');
    const archive = join(app, 'resources', 'app.asar');
    expect((await stat(archive)).size).toBeLessThan(15 * MIB);
    const files = listPackage(archive, { isPack: false });
    expect(strays(files)).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        '/out/main/main.js',
        '/out/preload/preload.cjs',
        '/assets/wsgi-worker.py',
        '/assets/badge.png',
      ]),
    );
    expect(await readdir(join(app, 'locales'))).toEqual(['en-US.pak']);

    const fuses = await getCurrentFuseWire(join(app, 'hopscope'));
    expect(fuses).toMatchObject({
      [FuseV1Options.RunAsNode]: FuseState.DISABLE,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: FuseState.DISABLE,
      [FuseV1Options.EnableNodeCliInspectArguments]: FuseState.DISABLE,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: FuseState.ENABLE,
      [FuseV1Options.OnlyLoadAppFromAsar]: FuseState.ENABLE,
      [FuseV1Options.EnableCookieEncryption]: FuseState.ENABLE,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: FuseState.DISABLE,
    });

    await checkIdentity(described);

    const unpacked = await temporaryDirectory();
    extractAll(archive, unpacked);
    await proxyThrough(join(unpacked, 'out', 'main', 'cli.js'));
  });

  it.skipIf(!hasAppStream())('is described to software centres as they want it', async () => {
    const { stdout } = await run('appstreamcli', ['validate', '--no-net', metadata]);
    expect(stdout).toContain('Validation was successful');
  });
});

describe('the npm package', { timeout: 300_000 }, () => {
  it('serves headless with its declared dependencies alone', async () => {
    const directory = await temporaryDirectory();
    await run(process.execPath, [join(projectRoot, 'scripts', 'build-types.ts')]);
    const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory], {
      cwd: projectRoot,
      env: projectEnv(),
      maxBuffer: 16 * MIB,
    });
    const [{ filename, files }] = asPackages(JSON.parse(stdout));
    expect(strays(files.map(({ path }) => `/${path}`))).toEqual([]);
    // The README sends those who run it headless there.
    expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['docs/handlers.md', 'docs/rules.md']));
    await run('tar', ['-xzf', join(directory, filename), '-C', directory]);
    await linkDependencies(join(directory, 'package', 'node_modules'));
    await proxyThrough(join(directory, 'package', 'out', 'main', 'cli.js'));
    await checkHandler(directory);
  });
});

/** Has a file of a user's, who has the unpacked package in `directory`, checked against what that tells of its handlers. */
async function checkHandler(directory: string): Promise<void> {
  const project = join(directory, 'project');
  await mkdir(join(project, 'node_modules'), { recursive: true });
  await symlink(join(directory, 'package'), join(project, 'node_modules', 'hopscope'));
  const file = join(project, 'hello.ts');
  const check = (): Promise<unknown> =>
    run(
      process.execPath,
      [
        join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc'),
        ...['--noEmit', '--strict', '--module', 'nodenext', '--types', 'node'],
        ...['--typeRoots', join(projectRoot, 'node_modules', '@types'), file],
      ],
      { cwd: project },
    );
  const source = (body: string): string =>
    `import { MethodHandler } from 'hopscope/handlers';\nexport class Hello extends MethodHandler {\n  ${body}\n}\n`;
  await writeFile(file, source('async do_GET(): Promise<void> { await this.sendError(404); }'));
  await check();
  await writeFile(file, source('do_GET(): void { this.sendNothing(404); }'));
  await expect(check()).rejects.toMatchObject({ stdout: expect.stringContaining('sendNothing') as string });
}

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** npm prints a list, or since version 12 an object by package name. */
function asPackages(printed: unknown): [Packed] {
  const [first] = Object.values(printed as Record<string, Packed>);
  if (first === undefined) throw new Error('npm packed nothing');
  return [first];
}

/** Links what `npm install` would bring along for the package's users: its dependencies and theirs, nothing of development. */
async function linkDependencies(target: string): Promise<void> {
  const { stdout } = await run('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: projectRoot,
    env: projectEnv(),
  });
  const root = resolve(projectRoot, 'node_modules');
  const names = stdout
    .split('\n')
    .map((path) => relative(root, path))
    .filter((name) => name !== '' && !name.startsWith('..') && !name.includes('node_modules'));
  for (const name of names) {
    await mkdir(dirname(join(target, name)), { recursive: true });
    await symlink(join(root, name), join(target, name));
  }
}
