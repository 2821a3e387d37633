import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { workerScript } from '../../electron/engine/gateway/worker-script.ts';
import type { RawClient } from '../support/raw-client.ts';
import { rawClient } from '../support/raw-client.ts';
import { apps, gatewayEvents, startApplications, wsgi } from './gateway-setup.ts';

const rules = wsgi('rules:application');

/** A folder with one module, `site.py`, that a test may change. */
async function folderWith(
  source: string,
): Promise<{ directory: string; readonly write: (source: string) => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-app-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const write = (text: string): Promise<void> => writeFile(join(directory, 'shop.py'), text);
  await write(source);
  return { directory, write };
}

const answering = (text: string): string =>
  `def application(environ, start_response):\n    start_response("200 OK", [])\n    return [b"${text}"]\n`;

/** Resolves when no such process is left. */
async function gone(pid: number): Promise<void> {
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a traceback is shown as a page that cannot run what it quotes, and in the trace', async () => {
  const { url, finished } = await startApplications([rules]);
  const response = await fetch(`${url}/raises`, { headers: { accept: 'text/html,*/*' } });
  expect(response.status).toBe(500);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const page = await response.text();
  expect(page).toContain('RuntimeError: &lt;script&gt;alert(');
  expect(page).not.toContain('<script>');
  const view = await finished();
  expect(view.notes[0]).toMatchObject({ level: 'error', code: 'APPLICATION_FAILED' });
  const [output] = gatewayEvents(view, 'gateway.output');
  expect(output?.stream).toBe('traceback');
  // It begins with the application's own frames, not with the gateway's.
  expect(output?.text.split('\n')[1]).toContain(join(apps, 'rules.py'));
});

test('of a very long traceback both ends are shown, and of what was raised the beginning', async () => {
  const { url, finished } = await startApplications([rules]);
  const page = await (await fetch(`${url}/raises_long`)).text();
  expect(page).toMatch(/RuntimeError: begin x+\n\[\d+ characters are not shown\]\nx+ end\n/);
  const view = await finished();
  expect(view.notes[0]?.text).toMatch(/^RuntimeError: begin x{900,1000}…$/);
  expect(gatewayEvents(view, 'gateway.output')[0]?.text.length).toBeLessThan(70_000);
});

test('sys.exit in a request ends the request, not the worker', async () => {
  const { url } = await startApplications([rules]);
  const before = await (await fetch(`${url}/pid`)).text();
  expect((await fetch(`${url}/leave`)).status).toBe(500);
  expect(await (await fetch(`${url}/pid`)).text()).toBe(before);
});

test('a module that cannot be imported shows its traceback', async () => {
  const { directory } = await folderWith('import no_such_module\n');
  const { url, finished } = await startApplications([wsgi('shop:application', { directory })]);
  const response = await fetch(url);
  expect(response.status).toBe(500);
  expect(await response.text()).toMatch(/shop\.py", line 1[^]*No module named 'no_such_module'/);
  const view = await finished();
  expect(view.notes.map(({ code }) => code)).toEqual(['APPLICATION_NOT_LOADED']);
});

test.each([
  ['a missing attribute', 'x = 1\n', 'shop:application', /has no attribute 'application'/],
  ['a missing module', '', 'nowhere:application', /No module named 'nowhere'/],
  ['something that is no application', 'application = 5\n', 'shop:application', /is not callable/],
  ['a module that ends the process', 'import os\nos._exit(7)\n', 'shop:application', /exit code 7/],
  ['a file instead of a module', 'x = 1\n', 'shop.py:application', /shop\.py is a file: its module is called shop\n/],
  ['an expression', 'x = 1\n', 'shop:x[0]', /after the colon comes a name/],
  ['a folder without the module', '', 'nowhere:application', /Python 3\.[^\n]* in [^\n]*hopscope-app-/],
  ['a module that exits', 'import sys\nsys.exit("no")\n', 'shop:application', /SystemExit: no/],
])('%s is told', async (_what, source, module, sentence) => {
  const { directory } = await folderWith(source);
  const { url } = await startApplications([wsgi(module, { directory })]);
  const response = await fetch(url);
  expect(response.status).toBe(500);
  expect(await response.text()).toMatch(sentence);
});

test('an interpreter or a folder that is not there is told', async () => {
  const { directory } = await folderWith(answering('x'));
  const noPython = await startApplications([wsgi('shop:application', { directory, python: '/nowhere/python' })]);
  expect(await (await fetch(noPython.url)).text()).toContain('/nowhere/python');
  const noFolder = await startApplications([wsgi('shop:application', { directory: join(directory, 'nowhere') })]);
  expect(await (await fetch(noFolder.url)).text()).toContain(join(directory, 'nowhere'));
});

test('factories, attributes with dots and app as a default name are found', async () => {
  const source =
    `${answering('made')}\nclass Site:\n    app = staticmethod(application)\n\ndef create():\n    return application\n\n` +
    'def create_from(*parts, key):\n    return {"ab": application}["".join(parts) + key]\n';
  const { directory } = await folderWith(source);
  const unnamed = await folderWith(`${source}app = application\ndel application\n`);
  const named = async (module: string, folder = directory): Promise<string> => {
    const { url } = await startApplications([wsgi(module, { directory: folder })]);
    return (await fetch(url)).text();
  };
  expect(await named('shop:Site.app')).toBe('made');
  expect(await named('shop:create()')).toBe('made');
  expect(await named('shop:create_from("a", key="b")')).toBe('made');
  expect(await named('shop', unnamed.directory)).toBe('made');
});

test('the worker is written in the Python of 3.8', () => {
  const check = 'import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 8))';
  expect(() => execFileSync('python3', ['-c', check], { input: workerScript() })).not.toThrow();
});

test('the application runs in its folder, with its variables', async () => {
  const { url } = await startApplications([wsgi('rules:application', { env: { SHOP_COLOUR: 'green' } })]);
  expect(await (await fetch(`${url}/variable`)).text()).toBe('green');
});

test('a virtual environment is found beside the application, or given', async () => {
  const { directory } = await folderWith(
    'import sys\n\ndef application(environ, start_response):\n    start_response("200 OK", [])\n    return [sys.prefix.encode()]\n',
  );
  execFileSync('python3', ['-m', 'venv', '--without-pip', join(directory, '.venv')]);
  const found = await startApplications([wsgi('shop:application', { directory, python: '' })]);
  expect(await (await fetch(found.url)).text()).toBe(join(directory, '.venv'));
  const given = await startApplications([
    wsgi('shop:application', { directory: apps, module: 'rules:pid', python: join(directory, '.venv') }),
  ]);
  expect((await fetch(given.url)).status).toBe(200);
});

test('a worker that dies answers 502 with its exit code, and is replaced', async () => {
  const { url, finished } = await startApplications([rules]);
  const response = await fetch(`${url}/die`);
  expect(response.status).toBe(502);
  expect(await response.text()).toContain('exit code 3');
  expect((await finished()).outcome).toMatchObject({ kind: 'failed', code: 'WORKER_LOST' });
  const midway = await fetch(`${url}/die-midway`);
  expect(midway.status).toBe(200);
  await expect(midway.text()).rejects.toThrow();
  expect((await finished()).outcome).toMatchObject({ kind: 'failed', code: 'WORKER_LOST', phase: 'receive' });
  expect(await (await fetch(`${url}/hello`)).text()).toBe('Hello');
});

test('an application that hangs is answered with 504, and its worker replaced', async () => {
  const { url, engine, finished } = await startApplications([rules]);
  const pid = Number(await (await fetch(`${url}/pid`)).text());
  await finished();
  engine.updateSettings({ upstreams: [{ ...rules, timeout: 200 }] });
  const response = await fetch(`${url}/hang`);
  expect(response.status).toBe(504);
  expect((await finished()).outcome).toMatchObject({ kind: 'failed', code: 'APPLICATION_HANGS' });
  await gone(pid);
  engine.updateSettings({ upstreams: [rules] });
  const next = Number(await (await fetch(`${url}/pid`)).text());
  expect(next).not.toBe(pid);
});

test('an application that takes long for its request does not hang while it reads', async () => {
  const { directory } = await folderWith(
    'import time\n\ndef application(environ, start_response):\n    size = 0\n' +
      '    while True:\n        piece = environ["wsgi.input"].read(300_000)\n        if not piece:\n            break\n' +
      '        size += len(piece)\n        time.sleep(0.1)\n' +
      '    start_response("200 OK", [])\n    return [str(size).encode()]\n',
  );
  const { url, engine } = await startApplications([wsgi('shop:application', { directory })]);
  expect(await (await fetch(url)).text()).toBe('0');
  engine.updateSettings({ upstreams: [wsgi('shop:application', { directory, timeout: 1_000 })] });
  const response = await fetch(url, { method: 'POST', body: Buffer.alloc(6_000_000) });
  expect(`${response.status} ${await response.text()}`).toBe('200 6000000');
});

test('a hanging request does not take the others of its worker along', async () => {
  const three = wsgi('rules:application', { threads: 3 });
  const { url, port, engine } = await startApplications([three]);
  const pid = Number(await (await fetch(`${url}/pid`)).text());
  engine.updateSettings({ upstreams: [{ ...three, timeout: 400 }] });
  const hanging = fetch(`${url}/hang`);
  const other = await rawClient(port);
  other.send('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
  await other.until(/200 OK/);
  engine.updateSettings({ upstreams: [three] });
  expect((await hanging).status).toBe(504);
  expect(isAlive(pid)).toBe(true);
  expect(other.socket.destroyed).toBe(false);
  // New requests go to the replacement at once.
  expect(Number(await (await fetch(`${url}/pid`)).text())).not.toBe(pid);
  other.socket.destroy();
  await gone(pid);
});

test('a changed source is loaded, and requests that run end in the old one', async () => {
  const { directory, write } = await folderWith(
    `import threading\nimport pathlib\n\n${answering('unused')}` +
      'def application(environ, start_response):\n    start_response("200 OK", [])\n    return body(environ)\n\n' +
      'def body(environ):\n    yield b"old "\n    if environ["PATH_INFO"] == "/slow":\n' +
      '        while not pathlib.Path("go").exists():\n            threading.Event().wait(0.02)\n    yield b"source"\n',
  );
  const { url, port } = await startApplications([wsgi('shop:application', { directory, reload: true })]);
  const slow = await rawClient(port);
  slow.send('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
  await slow.until(/old/);
  await write(answering('new source'));
  await expect.poll(async () => (await fetch(url)).text(), { timeout: 10_000 }).toBe('new source');
  await writeFile(join(directory, 'go'), '');
  await slow.until(/source/);
  // A mistake is shown, and its repair loaded.
  await write('import no_such_module\n');
  await expect.poll(async () => (await fetch(url)).text(), { timeout: 10_000 }).toContain('no_such_module');
  await write(answering('repaired'));
  await expect.poll(async () => (await fetch(url)).text(), { timeout: 10_000 }).toBe('repaired');
});

test('workers are added while requests wait, up to the limit', async () => {
  const { url, port } = await startApplications([wsgi('rules:application', { workers: 2 })]);
  const pid = async (): Promise<number> => Number(await (await fetch(`${url}/pid`)).text());
  const hold = async (): Promise<RawClient> => {
    const client = await rawClient(port);
    client.send('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until(/200 OK/);
    return client;
  };
  const first = await pid();
  const one = await hold();
  // Each worker answers one request at a time: the second one is for those that would wait.
  const second = await pid();
  expect(second).not.toBe(first);
  await hold();
  const queued = pid();
  expect(await Promise.race([queued, delay(300, 'waits')])).toBe('waits');
  one.socket.destroy();
  expect(await queued).toBe(first);
});

test('nothing is left running after a stop', async () => {
  const { url, engine } = await startApplications([wsgi('rules:application', { threads: 2 })]);
  const pid = Number(await (await fetch(`${url}/pid`)).text());
  await engine.stop();
  await gone(pid);
});

test('an application that is switched off or changed is stopped', async () => {
  const { url, engine } = await startApplications([rules]);
  const pid = Number(await (await fetch(`${url}/pid`)).text());
  engine.updateSettings({ upstreams: [wsgi('rules:hello')] });
  expect(await (await fetch(`${url}/pid`)).text()).toBe('Hello');
  await gone(pid);
  engine.updateSettings({ activeUpstream: 'none' });
  expect((await fetch(url)).status).toBe(404);
});

test('what the application writes is in the trace, with where it wrote it', async () => {
  const written: string[] = [];
  const { url, finished } = await startApplications([rules], {}, (_name, text) => written.push(text));
  await fetch(`${url}/prints`);
  const outputs = gatewayEvents(await finished(), 'gateway.output');
  const by = (stream: string): string =>
    outputs
      .filter((o) => o.stream === stream)
      .map((o) => o.text)
      .join('');
  // print() writes the text and the end of the line by itself; both are told as one.
  expect(outputs.filter(({ stream }) => stream === 'stdout').map((output) => output.text)).toEqual(['on stdout\n']);
  expect(by('stderr')).toBe('on stderr\n');
  expect(by('errors')).toBe('on wsgi.errors\ncaf\u00e9 \u20ac\n');
  expect(written.join('')).toContain('on stderr');
  await fetch(`${url}/chatty`);
  const chatty = gatewayEvents(await finished(), 'gateway.output');
  const size = chatty.reduce((sum, { text }) => sum + text.length, 0);
  expect(size).toBeGreaterThan(60_000);
  expect(size).toBeLessThan(70_000);
});

test('a finalizer that prints while its own thread does keeps nobody waiting', async () => {
  const { directory } = await folderWith(
    'import gc\nimport sys\n\nclass Cyclic:\n    def __init__(self):\n        self.itself = self\n\n' +
      '    def __del__(self):\n        print("gone", file=sys.stderr)\n\n' +
      'def application(environ, start_response):\n    gc.set_threshold(20)\n    for number in range(500):\n' +
      '        made = [Cyclic() for _ in range(number % 20)]\n        del made\n        print(number)\n    gc.set_threshold(700)\n' +
      '    start_response("200 OK", [])\n    return [b"done"]\n',
  );
  const { url, finished } = await startApplications([wsgi('shop:application', { directory, timeout: 5_000 })]);
  expect(await (await fetch(url)).text()).toBe('done');
  const outputs = gatewayEvents(await finished(), 'gateway.output');
  const printed = outputs.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
  expect(printed.join('')).toBe(Array.from({ length: 500 }, (_, number) => `${number}\n`).join(''));
  expect(outputs.some(({ stream }) => stream === 'stderr')).toBe(true);
});

test('the streams of the process can be set up, and other processes of Python started, as anywhere else', async () => {
  const { directory } = await folderWith(
    'import multiprocessing\nimport sys\n\ndef application(environ, start_response):\n' +
      '    sys.stdout.reconfigure(line_buffering=True)\n' +
      '    process = multiprocessing.get_context("spawn").Process(target=abs, args=(1,))\n' +
      '    process.start()\n    process.join()\n' +
      '    start_response("200 OK", [])\n    return [str(process.exitcode).encode()]\n',
  );
  const { url } = await startApplications([wsgi('shop:application', { directory })]);
  expect(await (await fetch(url)).text()).toBe('0');
});

test('the trace has the phases inside the application and what passed', async () => {
  const { url, finished } = await startApplications([rules]);
  await fetch(`${url}/closing`).then((response) => response.text());
  await finished();
  await fetch(`${url}/closing?again`).then((response) => response.text());
  const view = await finished();
  const spans = view.spans.filter(({ lane }) => lane === 'application');
  expect(spans.map(({ name }) => name)).toEqual(['environ', 'call', 'start_response', 'chunk', 'chunk', 'close']);
  for (const { start, at } of spans) {
    expect(start).toBeGreaterThanOrEqual(view.start);
    expect(at).toBeGreaterThanOrEqual(start);
    expect(at).toBeLessThanOrEqual(view.end ?? 0);
  }
  const [called] = gatewayEvents(view, 'gateway.called');
  expect(called).toMatchObject({ application: 'rules:application', worker: expect.stringMatching(/^worker \d+$/) });
  expect(called?.environ).toContain('PATH_INFO');
  expect(view.upstream).toBe('rules:application');
  await fetch(`${url}/tells`);
  expect(gatewayEvents(await finished(), 'gateway.framework')[0]?.facts).toEqual([
    'framework',
    'mine',
    'view',
    'tells',
  ]);
});

test('the trace of a long stream stays bounded', async () => {
  const { url, finished } = await startApplications([rules]);
  await fetch(`${url}/file`).then((response) => response.bytes());
  await finished();
  const { directory } = await folderWith(
    'def application(environ, start_response):\n    start_response("200 OK", [])\n    return (b"x" for _ in range(5000))\n',
  );
  const many = await startApplications([wsgi('shop:application', { directory })]);
  expect((await (await fetch(many.url)).bytes()).length).toBe(5_000);
  const view = await many.finished();
  expect(view.spans.length).toBeLessThan(60);
});
