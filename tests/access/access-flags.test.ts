import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashPassword } from '../../electron/engine/access/password-hash.ts';
import { hopscope } from '../support/hopscope-process.ts';
import { startOrigin } from '../support/origin.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';

async function serve(...flags: string[]): Promise<ReturnType<typeof hopscope>> {
  const data = await temporaryDirectory();
  return hopscope('serve', '--no-ui', '--port', '0', '--log-format', 'json', '--data-dir', data, ...flags);
}

async function refusal(...flags: string[]): Promise<string> {
  const { code, stdout, stderr } = await (await serve(...flags)).ended;
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^\{"event":"error",[^\n]+\}\n$/);
  return stderr;
}

describe('the flags about access', () => {
  it('do not let a proxy start that any machine could use', async () => {
    expect(await refusal('--host', '0.0.0.0', '--auth', 'ann:sesame')).toContain('--allow-remote');
    expect(await refusal('--host', '0.0.0.0', '--allow-remote')).toMatch(/--auth USER:PASSWORD or --allow CIDR/);
  });

  it('refuse bad values with one line that holds no password', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory, 'users');
    expect(await refusal('--auth', 'ann')).toContain('--auth');
    expect(await refusal('--auth', ':secret-word')).not.toContain('secret-word');
    expect(await refusal('--auth', 'ann:one', '--auth', 'ann:secret-word')).toMatch(/--auth.*same name/);
    expect(await refusal('--allow', '10.0.0.0/33')).toContain('--allow');
    expect(await refusal('--allow', 'example.com')).toContain('--allow');
    await writeFile(file, 'ann:secret-word\n', { mode: 0o644 });
    await chmod(file, 0o644);
    expect(await refusal('--auth', file)).toMatch(/--auth: other users can read .*chmod 600/);
    await chmod(file, 0o600);
    await writeFile(file, '# users\nann:ok\nno colon\n');
    expect(await refusal('--auth', file)).toMatch(/--auth: .*users, line 3 is not USER:PASSWORD/);
    await writeFile(file, 'ann:$6$saltsalt$abc\n');
    expect(await refusal('--auth', file)).toMatch(
      /--auth: .*line 1 has a SHA-512-crypt hash, which cannot be checked; .*htpasswd -B/,
    );
    await writeFile(file, 'ann:$2y$31$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC\n');
    expect(await refusal('--auth', file)).toMatch(/--auth: a password is kept as scrypt.*\$2y\$cost/);
    await writeFile(file, 'ann:scrypt$3$8$1$AAAA$AAAA\n');
    expect(await refusal('--auth', file)).toMatch(/--auth: a password is kept as scrypt/);
    await writeFile(file, '\n');
    expect(await refusal('--auth', file)).toMatch(/--auth: .*names no user/);
  });
});

describe.runIf(hasCommand('curl', '--version'))('curl', () => {
  it('uses a proxy open to the network with a login from a file, by each protocol', async () => {
    const file = join(await temporaryDirectory(), 'users');
    const bcrypt = '$2y$05$7c3OkzHVrtHX7f.6DufDtODok61jXQL3SCZJEv8/SxBZM59gQpDzG';
    await writeFile(file, `ann:${bcrypt}\r\nbob:${hashPassword('open')}\ncid:plain\n`, { mode: 0o600 });
    const origin = await startOrigin((_request, response) => response.end('in'));
    const access = ['--allow-remote', '--auth', file, '--allow', '127.0.0.0/8,::1'];
    const process = await serve('--host', '0.0.0.0', ...access);
    const { proxy } = JSON.parse(await process.ready) as { proxy: string };
    const { port } = new URL(proxy);
    const curl = async (...flags: string[]): Promise<string> => {
      const all = ['-s', '-o', '-', '-w', ' %{http_code} %{http_connect}', ...flags, `${origin.url}/`];
      const { stdout } = await runCommand('curl', all);
      return stdout;
    };
    const http = ['-x', `http://127.0.0.1:${port}`];
    expect(await curl(...http)).toMatch(/ 407 000$/);
    expect(await curl(...http, '--proxy-user', 'ann:wrong')).toMatch(/ 407 000$/);
    expect(await curl(...http, '--proxy-user', 'ann:sesame')).toBe('in 200 000');
    expect(await curl(...http, '--proxy-user', 'bob:open', '--proxytunnel')).toBe('in 200 200');
    expect(await curl(...http, '--proxy-user', 'cid:plain')).toBe('in 200 000');
    expect(await curl(...http, '--proxytunnel')).toMatch(/ 000 407$/);
    expect(await curl('-x', `socks5h://ann:sesame@127.0.0.1:${port}`)).toBe('in 200 000');
    expect(await curl('-x', `socks5h://ann:wrong@127.0.0.1:${port}`)).toBe(' 000 000');
    expect(await curl('-x', `socks4://127.0.0.1:${port}`)).toBe(' 000 000');
    process.child.kill('SIGTERM');
    const { stdout, stderr } = await process.ended;
    expect(stdout + stderr).not.toMatch(/sesame|plain|scrypt|\$2y/);
  });
});
