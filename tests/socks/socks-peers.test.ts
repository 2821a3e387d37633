import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { startOrigin } from '../support/origin.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';

const PYTHON = `
import socket, struct, sys
proxy, port = int(sys.argv[1]), int(sys.argv[2])
s = socket.create_connection(('127.0.0.1', proxy))
s.sendall(b'\\x05\\x01\\x00')
assert s.recv(2) == b'\\x05\\x00'
s.sendall(b'\\x05\\x01\\x00\\x03\\x09localhost' + struct.pack('>H', port))
reply = s.recv(10)
assert reply[:2] == b'\\x05\\x00', reply
s.sendall(b'GET /python HTTP/1.0\\r\\n\\r\\n')
print(s.makefile('rb').read().decode('latin1'))
`;

describe.runIf(hasCommand('curl', '--version'))('curl as a SOCKS client', () => {
  it.each(['--socks5', '--socks5-hostname', '--socks4', '--socks4a'])('%s gets HTTP', async (flag) => {
    const origin = await startOrigin((request, response) => response.end(`for ${request.headers.host ?? ''}`));
    const test = await startEngine();
    const proxy = `127.0.0.1:${test.port}`;
    const url = `http://localhost:${origin.port}/`;
    const { stdout } = await runCommand('curl', ['-sS', '-4', flag, proxy, url]);
    expect(stdout).toMatch(/^for /);
    expect(await test.finished()).toMatchObject({ kind: 'tunnel', version: flag.slice(2, 8).toUpperCase() });
    expect(await test.finished()).toMatchObject({ kind: 'http', status: 200 });
  });

  it('gets HTTPS that is intercepted, in version 2', async () => {
    const origin = await startHttpsOrigin((_request, response) => response.end('secure'));
    const test = await startEngine();
    const url = `https://localhost:${origin.port}/`;
    const trust = ['--cacert', test.engine.authority.file];
    const flags = ['-sS', '--http2', '-w', ' %{http_version}', '--socks5-hostname', `127.0.0.1:${test.port}`];
    const { stdout, stderr } = await runCommand('curl', [...flags, ...trust, url]);
    expect(stderr).toBe('');
    expect(stdout).toBe('secure 2');
    expect(await test.finished()).toMatchObject({ kind: 'tunnel', version: 'SOCKS5' });
    expect(await test.finished()).toMatchObject({ kind: 'http', url, status: 200 });
  });
});

describe.runIf(hasCommand('python3', '--version'))('Python as a SOCKS client', () => {
  it('gets HTTP', async () => {
    const origin = await startOrigin((request, response) => response.end(request.url));
    const test = await startEngine();
    const { stdout, stderr } = await runCommand('python3', ['-c', PYTHON, String(test.port), String(origin.port)]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/\/python\s*$/);
  });
});
