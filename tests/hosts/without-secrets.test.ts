import { expect, test } from 'vitest';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutSecrets } from '../../electron/host/without-secrets.ts';
import { hopscope } from '../support/hopscope-process.ts';
import { temporaryDirectory } from '../support/recorder.ts';

test.each([
  ['a login in a field', 'Authorization: Basic c2VjcmV0OnNlY3JldA== is refused', 'Authorization: …'],
  ['one for a proxy', 'got {"Proxy-Authorization": "Hopscope secretsecret"}', 'got {"Proxy-Authorization": …'],
  ['the own login by itself', `wrong Hopscope ${'x'.repeat(43)} here`, 'wrong Hopscope … here'],
  ['a cookie', 'line 3\nSet-Cookie: id=secret; Path=/\nline 5', 'line 3\nSet-Cookie: …\nline 5'],
  ['a token by itself', 'wrong Bearer secret-token-1 here', 'wrong Bearer … here'],
  [
    'credentials in an address',
    'connect to http://me:secret@proxy.test:3128/ failed',
    'connect to http://…@proxy.test:3128/ failed',
  ],
  ['a token in an address', 'GET /ws?token=secret&x=1', 'GET /ws?token=…&x=1'],
  ['a key', 'bad -----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY----- here', 'bad [a private key] here'],
  ['a key that is cut off', 'bad -----BEGIN EC PRIVATE KEY-----\nsecret', 'bad [a private key]'],
])('what is printed lacks %s', (_name, text, expected) => {
  expect(withoutSecrets(text)).toBe(expected);
});

test('an ordinary line stays as it is', () => {
  const line =
    'port 9000 on 127.0.0.1 is taken; This is no file of a Hopscope session. http://127.0.0.1:9001/a@b?tokens=3 is not';
  expect(withoutSecrets(line)).toBe(line);
});

test('neither wrong flags, nor what a command or a running proxy tells of, is printed with its secrets', async () => {
  const dataDir = await temporaryDirectory();
  const flag = hopscope('serve', '--data-dir', dataDir, '--upstream-proxy', 'ftp://me:sesame@proxy.test');
  const command = hopscope('sessions', 'rm', 'http://me:sesame@proxy.test/', '--data-dir', dataDir);
  const broken = join(dataDir, 'settings.json');
  await writeFile(broken, JSON.stringify({ cache: { mode: 'Bearer sesame-9000' } }));
  const serving = hopscope('serve', '--port', '0', '--no-ui', '--data-dir', dataDir);
  await serving.ready;
  serving.child.kill('SIGTERM');
  for (const [said, masked] of [
    [await flag.ended, 'ftp://…@proxy.test'],
    [await command.ended, 'http://…@proxy.test/'],
    [await serving.ended, 'Bearer …'],
  ] as const) {
    expect(said.stderr).toContain(masked);
    expect(said.stderr).not.toContain('sesame');
  }
});
