import { expect, it } from 'vitest';
import { PacSandbox } from '../../electron/engine/upstream/pac/pac-sandbox.ts';
import { proxyScript } from '../../electron/system-proxy/proxy-script.ts';

async function ask(script: string, ...hosts: string[]): Promise<string[]> {
  const sandbox = await PacSandbox.load(script, ['10.0.0.7']);
  return hosts.map((host) => {
    const run = sandbox.run(`http://${host}/`, host, () => undefined);
    return 'answer' in run ? run.answer : `waits for ${run.needs}`;
  });
}

it('sends everything to the proxy, and past it when it does not answer', async () => {
  const script = proxyScript({ proxy: '127.0.0.1:9000', bypass: [] });
  expect(await ask(script, 'example.com', 'localhost')).toEqual(Array(2).fill('PROXY 127.0.0.1:9000; DIRECT'));
  const without = proxyScript({ proxy: undefined, bypass: ['a.example'] });
  expect(await ask(without, 'example.com', 'a.example')).toEqual(['DIRECT', 'DIRECT']);
});

it('goes on to the proxy that was there before', async () => {
  const script = proxyScript({ proxy: '127.0.0.1:9000', bypass: ['near.example'], former: 'corp.example:3128' });
  expect(await ask(script, 'example.com', 'near.example')).toEqual([
    'PROXY 127.0.0.1:9000; PROXY corp.example:3128; DIRECT',
    'PROXY corp.example:3128; DIRECT',
  ]);
});

it('leaves out addresses in blocks, for which no name is looked up, and names in other scripts', async () => {
  const script = proxyScript({
    proxy: 'p:1',
    bypass: ['192.168.16.0/20', '169.254/16', 'fd00::/8', '*.bücher.example'],
  });
  const past = ['192.168.31.255', '169.254.1.1', 'fd12::1', 'a.xn--bcher-kva.example'];
  expect(await ask(script, ...past)).toEqual(past.map(() => 'DIRECT'));
  const through = ['192.168.32.0', '169.255.1.1', 'fe80::1', 'example.com', 'fd00'];
  expect(await ask(script, ...through)).toEqual(through.map(() => 'PROXY p:1; DIRECT'));
});

it('leaves out the hosts of the list, and no others', async () => {
  const bypass = ['<local>', '*.Local', '.intern.example', '127.0.0.1', '::1', 'one.example', '10.1.*'];
  const script = proxyScript({ proxy: 'p:1', bypass });
  const past = ['printer', 'a.local', 'x.intern.example', '127.0.0.1', '::1', 'one.example', '10.1.2.3'];
  expect(await ask(script, ...past)).toEqual(past.map(() => 'DIRECT'));
  const through = ['example.com', 'local', '127.0.0.2', 'two.one.example', 'onexexample.com', '10.2.2.3', 'localx.com'];
  expect(await ask(script, ...through)).toEqual(
    through.map((host) => (host === 'local' ? 'DIRECT' : 'PROXY p:1; DIRECT')),
  );
});
