import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { heapFlags, projectRoot } from '../../scripts/project.ts';
import { commandPath, freePort, hasCommand, launchNode, launchOnPort } from '../launch.ts';
import type { Running, Setup, Subject } from '../subject.ts';
import { launchNginx } from './nginx.ts';

// A hello-world in Flask, behind Hopscope and behind what Python developers would put it behind otherwise.

const applications = join(import.meta.dirname, '..', 'applications');
const workers = String(availableParallelism());
const module = 'hello_flask:app';

/** Debian's packages are there for its own Python alone. */
const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import flask'], { stdio: 'ignore' }).status === 0,
);
const noFlask = (): string | undefined => (python === undefined ? 'no Python with Flask' : undefined);

/** Hopscope with everything recorded, as many workers as cores. */
export const hopscopeWsgi: Subject = {
  name: 'hopscope (wsgi)',
  kind: 'ours',
  scenarios: ['wsgi', 'download'],
  obstacle: noFlask,
  async start({ folder }: Setup): Promise<Running> {
    const application = ['--wsgi', module, '--chdir', applications, '--python', python ?? '', '--workers', workers];
    const host = ['--port', '0', '--no-ui', '--cache', 'off', '--record', 'full', '--data-dir', folder];
    const cli = join(projectRoot, 'electron', 'cli.ts');
    const { launched, ready } = await launchNode([
      ...[...heapFlags, cli, 'serve', '--log-format', 'json', ...host, ...application, '--threads', '1'],
    ]);
    return { url: String(ready['proxy']), pid: launched.pid, stop: launched.stop };
  },
};

/** gunicorn's sync workers, as many, behind nginx, as its documentation wants them. */
export const gunicorn: Subject = {
  name: 'gunicorn',
  kind: 'peer',
  scenarios: ['wsgi', 'download'],
  obstacle: () =>
    noFlask() ?? (hasCommand('gunicorn') && hasCommand('nginx') ? undefined : 'gunicorn or nginx is missing'),
  async start({ folder }: Setup): Promise<Running> {
    const [port, inner] = [await freePort(), await freePort()];
    const command = commandPath('gunicorn') ?? 'gunicorn';
    const flags = ['-w', workers, '-b', `127.0.0.1:${inner}`, '--chdir', applications, '--log-level', 'error'];
    const server = await launchOnPort(command, [...flags, module], inner);
    const front = await launchNginx(folder, port, `location / { proxy_pass http://127.0.0.1:${inner}; }`);
    const stop = async (): Promise<void> => {
      await front.stop();
      await server.stop();
    };
    return { url: `http://127.0.0.1:${port}`, pid: server.pid, stop };
  },
};

/** The server of Python's standard library. */
export const wsgiref: Subject = {
  name: 'wsgiref',
  kind: 'floor',
  scenarios: ['wsgi'],
  obstacle: noFlask,
  async start(): Promise<Running> {
    const port = await freePort();
    const launched = await launchOnPort(python ?? '', [join(applications, 'serve_wsgiref.py'), String(port)], port);
    return { url: `http://127.0.0.1:${port}`, pid: launched.pid, stop: launched.stop };
  },
};
