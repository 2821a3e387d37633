import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clientEnvironment } from '../../electron/launch/client-environment.ts';
import { Launcher } from '../../electron/launch/launcher.ts';
import { projectEnv } from '../../scripts/project.ts';
import { startEngine } from '../support/engine.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';

/** Prints the body at an address, in Python's own way. */
const PYTHON = 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())';
/** And in Node's. */
const NODE = 'const r = await fetch(process.argv[1]); console.log(await r.text())';
const JAVA = `
import java.net.URI;
import java.net.http.*;
class Ask {
  public static void main(String[] words) throws Exception {
    var url = new URI(words[0]).toURL();
    try (var in = url.openStream()) { System.out.println(new String(in.readAllBytes())); }
  }
}`;

interface Client {
  readonly command: string;
  readonly args: (url: string, directory: string) => readonly string[];
  /** What it says when it got through; the origin's text when left out. */
  readonly says?: string | RegExp;
}

const clients: readonly Client[] = [
  { command: 'curl', args: (url) => ['-sS', url] },
  { command: 'node', args: (url) => ['--input-type=module', '-e', NODE, url] },
  { command: 'python3', args: (url) => ['-c', PYTHON, url] },
  // There is no repository, which it can only be told through TLS that it trusts.
  { command: 'git', args: (url) => ['ls-remote', `${url}repository`], says: /not found|not valid/ },
  {
    command: 'npm',
    args: (url, dir) => ['view', 'nothing', '--registry', url, '--cache', dir, '--json'],
    says: /E404/,
  },
  {
    command: 'pip',
    args: (url, dir) => ['download', '--no-cache-dir', '-d', dir, '--index-url', `${url}simple`, 'nothing-there'],
    says: /No matching distribution/,
  },
];

const java: Client = { command: 'java', args: (url, dir) => [join(dir, 'Ask.java'), url] };

/** An engine with a launcher, and an HTTPS origin on loopback, which clients would rather reach without a proxy. */
async function setUp() {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-clients-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const ways: (string | undefined)[] = [];
  const origin = await startHttpsOrigin((request, response) => {
    ways.push(request.headers.via);
    response.writeHead(request.url === '/' ? 200 : 404).end('from the origin');
  });
  const { engine } = await startEngine();
  const { certificate, file } = engine.authority;
  const launcher = new Launcher({
    ...{ certificate, certificateFile: file, dataDir: directory, terminal: { here: '', once: '' } },
    url: () => engine.status.proxyUrl,
  });
  const facts = await launcher.facts();
  const variables = clientEnvironment({ ...facts, authority: facts.certificate, noProxy: [] });
  const run = (client: Client) => {
    const env = Object.entries({ ...variables, HOME: directory, PATH: projectEnv()['PATH'] ?? '' });
    return runCommand('env', [
      ...env.map(([name, value]) => `${name}=${value}`),
      ...[client.command, ...client.args(`${origin.url}/`, directory)],
    ]);
  };
  return { directory, ways, run };
}

describe('with the variables of hopscope run', { timeout: 120_000 }, () => {
  it('clients go through the proxy and trust it, over TLS and to loopback too', async () => {
    const { ways, run } = await setUp();
    for (const client of clients.filter(({ command }) => hasCommand(command, '--version'))) {
      const before = ways.length;
      const { stdout, stderr } = await run(client);
      expect(`${client.command}: ${stdout}${stderr}`).toMatch(client.says ?? 'from the origin');
      expect(ways.length, client.command).toBeGreaterThan(before);
      // Hopscope names itself in what it forwards (RFC 9110 §7.6.3).
      expect(ways.slice(before), client.command).not.toContain(undefined);
    }
  });

  it.skipIf(!hasCommand('javac', '-version'))('Java does so by its key store', async () => {
    const { directory, ways, run } = await setUp();
    await writeFile(join(directory, 'Ask.java'), JAVA);
    expect((await run(java)).stdout).toContain('from the origin');
    expect(ways).toEqual([expect.any(String)]);
  });
});
