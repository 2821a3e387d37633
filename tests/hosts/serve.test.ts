import { once } from 'node:events';
import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HopscopeProcess } from '../support/hopscope-process.ts';
import { hopscope, hopscopeIn, hopscopeSaying } from '../support/hopscope-process.ts';
import { startOrigin } from '../support/origin.ts';
import { temporaryDirectory } from '../support/recorder.ts';

async function serve(...args: string[]): Promise<HopscopeProcess & { proxy: string }> {
  const running = hopscope(
    'serve',
    '--no-ui',
    '--log-format',
    'json',
    '--data-dir',
    await temporaryDirectory(),
    ...args,
  );
  const { event, proxy } = JSON.parse(await running.ready) as { event: string; proxy: string };
  expect(event).toBe('ready');
  return { ...running, proxy };
}

describe('hopscope serve', () => {
  it('prints one line when it is ready, serves the demo site, and ends with 0 on SIGTERM', async () => {
    const { child, ended, proxy } = await serve('--port', '0');
    const response = await fetch(proxy);
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/<html/i);
    child.kill('SIGTERM');
    const { code, stdout, stderr } = await ended;
    expect({ code, lines: stdout.trimEnd().split('\n').length, stderr }).toEqual({ code: 0, lines: 1, stderr: '' });
  });

  it.each(process.platform === 'win32' ? (['SIGINT'] as const) : (['SIGINT', 'SIGHUP'] as const))(
    'lets a running response end before it exits on %s',
    async (signal) => {
      let finish: () => void = () => undefined;
      const origin = await startOrigin((_request, response) => {
        response.write('first,');
        finish = () => response.end('last');
      });
      const { child, ended, proxy } = await serve('--port', '0', '--upstream', origin.url);
      const response = await fetch(proxy);
      child.kill(signal);
      finish();
      expect(await response.text()).toBe('first,last');
      expect((await ended).code).toBe(0);
    },
  );

  it('goes on when nothing can be written of what it has to say', async ({ skip }) => {
    if (process.platform !== 'linux') return skip('needs /dev/full');
    const directory = await temporaryDirectory();
    // It is told on stderr that this is none.
    await writeFile(join(directory, 'settings.json'), 'no JSON');
    const full = await open('/dev/full', 'w');
    onTestFinished(() => full.close());
    const { ready, child, ended } = hopscopeSaying(
      full.fd,
      ...['serve', '--no-ui', '--log-format', 'json', '--port', '0', '--data-dir', directory],
    );
    const { proxy } = JSON.parse(await ready) as { proxy: string };
    expect((await fetch(proxy)).status).toBe(200);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });

  it('takes the cache mode and the upstream from flags', async () => {
    let asked = 0;
    const origin = await startOrigin((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.end(String(++asked));
    });
    for (const [mode, expected] of [
      ['shared', '1'],
      ['off', '3'],
    ] as const) {
      const { proxy, child, ended } = await serve('--port', '0', '--upstream', origin.url, '--cache', mode);
      await (await fetch(proxy)).text();
      expect(await (await fetch(proxy)).text()).toBe(expected);
      child.kill('SIGTERM');
      await ended;
    }
  });

  it.skipIf(process.platform !== 'linux')(
    'goes on where there is no browser to open, and says where the address is',
    async () => {
      const place = await temporaryDirectory();
      const flags = ['--open', '--port', '0', '--ui-port', '0', '--data-dir', place];
      const { child, ended } = hopscopeIn({ ...process.env, PATH: place }, 'serve', ...flags);
      await once(child.stderr!, 'data');
      child.kill('SIGTERM');
      const { code, stdout, stderr } = await ended;
      expect(code).toBe(0);
      expect(stdout).toMatch(/UI http:\/\/127\.0\.0\.1:\d+\/\?token=\S+\n$/);
      expect(stderr).toBe(
        'hopscope: No browser could be opened (spawn xdg-open ENOENT); the address is in the line on stdout\n',
      );
    },
  );

  it('knows no command of a wrong name, and starts nothing for it', async () => {
    expect(await hopscope('sevre').ended).toEqual({
      ...{ code: 2, stdout: '' },
      stderr: 'hopscope: unknown command \'sevre\'; "hopscope help" lists them\n',
    });
  });

  it('says what to do when its port is taken', async () => {
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const { ended } = hopscope('serve', '--no-ui', '--port', String(port), '--data-dir', await temporaryDirectory());
    expect(await ended).toEqual({
      ...{ code: 1, stdout: '' },
      stderr: `hopscope: port ${port} on 127.0.0.1 is taken; choose another with --port\n`,
    });
  });

  it.each([
    ['--port', 'http'],
    ['--port', '70000'],
    ['--cache', 'sometimes'],
    ['--record', 'half'],
    ['--upstream', 'ftp://a/'],
    ['--upstream', 'example.com'],
    ['--log-format', 'xml'],
    ['--host', '0.0.0.0'],
    ['--host', 'no address'],
    ['--workers', '0'],
    ['--chdir', '/'],
    ['--app', '/not/there.js'],
    ['--ca-dir', import.meta.filename],
    ['--data-dir', ''],
    ['--open-session', import.meta.filename],
    ['--ui-port', '0'],
    ['--open', '--no-ui'],
    ['--unknown-flag', 'x'],
  ])('refuses %s %s with one line and exit code 2', async (flag, value) => {
    const { code, stdout, stderr } = await hopscope(
      'serve',
      '--no-ui',
      '--data-dir',
      await temporaryDirectory(),
      flag,
      value,
    ).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^hopscope: [^\n]+\n$/);
    expect(stderr).toContain(flag);
  });

  it('refuses a directory that nobody can make, instead of trying for ever', async ({ skip }) => {
    if (process.platform !== 'linux') return skip('needs /proc');
    for (const flag of ['--data-dir', '--ca-dir']) {
      const place = flag === '--data-dir' ? [] : ['--data-dir', await temporaryDirectory()];
      const { ended } = hopscope('serve', '--no-ui', '--port', '0', ...place, flag, '/proc/hopscope');
      expect(await ended).toEqual({
        ...{ code: 2, stdout: '' },
        stderr: `hopscope: nothing can be kept in /proc/hopscope: no directory can be made there; change that, or choose another directory with ${flag}\n`,
      });
    }
  });

  it('names the authority by a path that programs elsewhere understand, however its directory was given', async () => {
    const place = await temporaryDirectory();
    const flags = [
      '--data-dir',
      relative(process.cwd(), place),
      '--ca-dir',
      relative(process.cwd(), join(place, 'own')),
    ];
    const { ready, child, ended } = hopscope('serve', '--no-ui', '--port', '0', '--log-format', 'json', ...flags);
    expect(JSON.parse(await ready)).toMatchObject({ ca: join(place, 'own', 'hopscope-ca.pem') });
    child.kill('SIGTERM');
    await ended;
  });

  it.each([
    ['no JSON', '{"cache":'],
    ['an invalid value', '{"cache":{"mode":"sometimes"}}'],
    ['no object', '[1]'],
  ])('sets a settings file with %s aside, says so and starts with defaults', async (_name, text) => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'settings.json'), text);
    const { child, ended, ready } = hopscope('serve', '--no-ui', '--port', '0', '--data-dir', directory);
    await ready;
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect(code).toBe(0);
    const aside = (await readdir(directory)).find((name) => name.startsWith('settings.corrupt-')) ?? '';
    expect(await readFile(join(directory, aside), 'utf8')).toBe(text);
    expect(stderr).toContain(aside);
  });
});
