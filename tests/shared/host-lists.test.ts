import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { SettingsPatch } from '../../shared/settings.ts';
import { defaultSettings, mergeSettings, settingsPatchSchema } from '../../shared/settings.ts';

/** The lists of the settings that hosts stand in, each with one entry. */
const LISTS: Readonly<Record<string, (entry: string) => SettingsPatch>> = {
  bypass: (entry) => ({ bypass: [entry] }),
  'tls.passthrough': (entry) => ({ tls: { passthrough: [entry] } }),
  'systemProxy.bypass': (entry) => ({ systemProxy: { bypass: [entry] } }),
  'originTls.insecureHosts': (entry) => ({ originTls: { insecureHosts: [entry] } }),
  'originTls.clientCertificates': (host) => ({ originTls: { clientCertificates: [{ host, file: '/me.pem' }] } }),
  'access.hosts': (entry) => ({ access: { hosts: [entry] } }),
  routes: (pattern) => ({ routes: [{ pattern, targets: ['direct'] }] }),
  dns: (host) => ({ dns: [{ host, address: '127.0.0.1' }] }),
};

test.each([
  [
    'bypass',
    ['a.test', '*.a.test', '.a.test', 'a.test:80', '[::1]:80', '::1', '10/8', '<local>', '<-loopback>', 'bücher.de'],
  ],
  [
    'tls.passthrough',
    ['a.test', '*.a.test', '.a.test', 'a_b.test:443', '10.0.0.0/8', 'fd00::/8', '[::1]', '<local>', '*'],
  ],
  [
    'systemProxy.bypass',
    ['a.test', '*.a.test', '.a.test', '10.1.*', '10.0.0.0/8', '169.254/16', '::1', '<local>', 'bücher.de'],
  ],
  ['originTls.insecureHosts', ['a.test', '*.a.test', 'a.test:8443', '::1', '[::1]:8443', '10.0.0.1', '*', 'a.test.']],
  ['originTls.clientCertificates', ['a.test', 'a.test:8443', '*']],
  ['access.hosts', ['a.test', 'A.Test', 'a.test.', '10.0.0.1', 'bücher.de', 'xn--bcher-kva.de']],
  ['routes', ['a.test', 'a.test:80/x*', '*/x', '/x', '*', '10.0.0.1/x', '[::1]:80/x', 'api-*.test']],
  ['dns', ['a.test', '*.a.test', 'a.test.', 'bücher.de']],
])('%s takes hosts in each of its forms', (list, entries) => {
  const refused = entries.filter((entry) => !v.is(settingsPatchSchema, LISTS[list]?.(entry)));
  expect(refused).toEqual([]);
  for (const entry of entries) expect(() => mergeSettings(defaultSettings(), LISTS[list]?.(entry) ?? {})).not.toThrow();
});

const NO_HOSTS = [
  'a,b',
  'a;b',
  '"a"',
  '<x>',
  'a@b',
  'http://a',
  '..',
  'a..b',
  '',
  '256.1.1.1',
  '1.2.3',
  'a.1',
  'a:b:c',
  '[',
];

test.each([
  ['bypass', [...NO_HOSTS, 'a/24', '10.0.0.0/33', 'a:0', 'a:99999']],
  ['tls.passthrough', [...NO_HOSTS, 'a/24', '10.0.0.0/33', 'a:0', 'a:99999', '<-loopback>']],
  ['systemProxy.bypass', [...NO_HOSTS, '10.0.0.0/33', 'a:80', '<-loopback>']],
  ['originTls.insecureHosts', [...NO_HOSTS, '.a', '<local>', '10.0.0.0/8', 'a:0']],
  ['originTls.clientCertificates', [...NO_HOSTS, '.a', '<local>', 'a:0']],
  ['access.hosts', [...NO_HOSTS, '*.a', '.a', 'a:80', 'a/b', '<local>']],
  ['routes', [...NO_HOSTS, '.a', '<local>', '10/8', '256.1.1.1/x']],
  ['dns', [...NO_HOSTS, '.a', '*.', '*', 'a*', '10.0.0.1', '::1', 'a:80']],
])('%s refuses what no host is meant by, in words', (list, entries) => {
  const problems = entries.map((entry) => v.safeParse(settingsPatchSchema, LISTS[list]?.(entry)).issues?.[0].message);
  expect(entries.filter((_entry, at) => problems[at] === undefined)).toEqual([]);
  expect(new Set(problems).size).toBe(1);
});

test('what earlier versions let through is read, so that it costs no other setting', () => {
  const saved = {
    ...{ bypass: ['a;b', '256.1.1.1'], routes: [{ pattern: '10/8', targets: ['direct'] }] },
    ...{
      dns: [{ host: '10.0.0.1', address: '127.0.0.1' }],
      access: { hosts: ['a,b'] },
      tls: { passthrough: ['a:b:c'] },
    },
    ...{ systemProxy: { bypass: ['a:80', '::::'] }, originTls: { insecureHosts: ['.a', '"a"'] } },
  };
  expect(mergeSettings(defaultSettings(), saved)).toMatchObject(saved);
});
