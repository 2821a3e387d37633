import { shownLines } from '../../renderer/format/shown-lines.ts';
import { describe, expect, test } from 'vitest';
import { curlCommand } from '../../renderer/format/curl-command.ts';
import { fetchCall } from '../../renderer/format/fetch-call.ts';
import { bodyNature, parseContentType, shortType } from '../../renderer/format/media-type.ts';
import { formatBytes, formatDuration, formatSeconds, formatShare, formatTick } from '../../renderer/format/units.ts';
import { splitUrl } from '../../shared/url-parts.ts';
import { visibleLines, visibleText } from '../../renderer/format/visible-text.ts';
import type { Upstream } from '../../shared/settings-routes.ts';
import { newUpstream } from '../../renderer/views/top-bar/new-upstream.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { en } from '../../renderer/i18n/en/catalogue.ts';

test.each([
  [undefined, '–'],
  [0, '0 ms'],
  [0.0001, '1 µs'],
  [0.084, '84 µs'],
  [0.9996, '1.00 ms'],
  [1.236, '1.24 ms'],
  [12.36, '12.4 ms'],
  [312, '312 ms'],
  [999.7, '1.00 s'],
  [4200, '4.20 s'],
  [59_970, '1 min 00 s'],
  [123_000, '2 min 03 s'],
  [3_660_000, '1 h 01 min'],
])('%s ms reads %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

test.each([
  [5, 5, '5 ms'],
  [0.2, 0.1, '200 µs'],
  [0.005, 0.001, '5 µs'],
  [2500, 500, '2.5 s'],
  [10, 5, '10 ms'],
  [200, 200, '200 ms'],
  [12.34, 0.02, '12.34 ms'],
  [1234, 1, '1.234 s'],
  [1234.5, 0.5, '1.2345 s'],
  [30 * 0.1, 0.1, '3 ms'],
  [90_000, 10_000, '1 min 30 s'],
  [120_000, 1000, '2 min'],
  [62_500, 500, '1 min 2.5 s'],
  [7_200_000, 3_600_000, '2 h'],
  [5_400_000, 1_800_000, '1 h 30 min'],
  [-2, 2, '-2 ms'],
])('a tick at %s ms, a multiple of %s, reads %s', (ms, step, text) => expect(formatTick(ms, step)).toBe(text));

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [4250, '4.3 kB'],
  [999_600, '1.00 MB'],
  [3_000_000, '3.00 MB'],
  [2_500_000_000, '2.50 GB'],
])('%s bytes read %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [60, '60 s'],
  [300, '5 min'],
  [5430, '90 min 30 s'],
  [9000, '2 h 30 min'],
  [31_536_000, '365 d'],
  [-11, '-11 s'],
])('%s seconds read %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));

test('a share of nothing is not a number', () => {
  expect(formatShare(1, 3)).toBe('33 %');
  expect(formatShare(1, 50)).toBe('2.0 %');
  expect(formatShare(997, 1000)).toBe('99.7 %');
  expect(formatShare(1, 100_000)).toBe('< 0.1 %');
  expect(formatShare(1, 1)).toBe('100 %');
  expect(formatShare(0, 0)).toBe('–');
});

test.each([
  ['http://a.example:8080/p?q#f', 'http', 'a.example:8080', '/p?q#f'],
  ['http://a.example', 'http', 'a.example', ''],
  ['http://a.example?q=/x', 'http', 'a.example', '?q=/x'],
  ['example.com:443', '', 'example.com:443', ''],
  ['/only/path', '', '', '/only/path'],
  ['http://[::1]:9000/x', 'http', '[::1]:9000', '/x'],
])('%s is cut for display', (url, scheme, host, path) => expect(splitUrl(url)).toEqual({ scheme, host, path }));

describe('characters that would not show', () => {
  test('are named', () => {
    expect(visibleText('a\u202eb\u200b\x1b\r\n\t')).toBe('aU+202EbU+200B\\e\\r\\n\\t');
    expect(visibleText('\ud800')).toBe('U+D800');
  });

  test('of several lines keep them where people have written them', () => {
    expect(visibleLines('one\r\n\u202etwo\n\tthree')).toBe('one\nU+202Etwo\n\\tthree');
  });

  test('leave ordinary text of any language alone', () => {
    const text = 'é 日本語 العربية 😀 👩‍👩‍👧'.replaceAll('\u200d', '');
    expect(visibleText(text)).toBe(text);
  });
});

describe('media types', () => {
  test('are shortened', () => {
    expect(['application/json', 'image/svg+xml', 'application/ld+json', 'text/html', ''].map(shortType)).toEqual([
      ...['json', 'svg', 'json', 'html', ''],
    ]);
  });

  test('decide the view; markup is never a picture', () => {
    expect(['application/json', 'text/html', 'image/svg+xml', 'image/png', 'application/zip'].map(bodyNature)).toEqual([
      ...['json', 'text', 'text', 'image', 'binary'],
    ]);
  });

  test('are read with their charset', () => {
    expect(parseContentType('Text/HTML; Charset="ISO-8859-1"')).toEqual({ type: 'text/html', charset: 'iso-8859-1' });
    expect(parseContentType(undefined)).toEqual({ type: '', charset: '' });
  });
});

describe('a curl command', () => {
  test('repeats the request', () => {
    const headers = ['Host', 'x', 'Accept', '*/*', 'X-It', "it's", 'Accept-Encoding', 'gzip', 'X-Empty', ''];
    expect(curlCommand('POST', 'http://x/a?b=c&d', headers)).toBe(
      `curl -X POST 'http://x/a?b=c&d' -H 'Accept: */*' -H 'X-It: it'\\''s' -H 'X-Empty;' --compressed`,
    );
  });

  test('cannot be made to run something else or to move the cursor', () => {
    expect(curlCommand('GET', 'http://x/$(id)`id`', [])).toBe("curl 'http://x/$(id)`id`'");
    expect(curlCommand('GET', "http://x/\n'rm\x1b[A", [])).toBe("curl --globoff $'http://x/\\n\\'rm\\x1b[A'");
  });
});

describe('a new upstream', () => {
  const t = createTranslate('en', en);
  const existing: Upstream[] = [
    { type: 'origin', id: 'api', label: 'API', url: 'http://api.example', hostPolicy: 'origin' },
  ];

  test('gets a scheme, a label and an id of its own', () => {
    expect(newUpstream(t, ' localhost:3000 ', '', existing)).toEqual({
      ok: true,
      upstream: {
        type: 'origin',
        id: 'localhost-3000',
        label: 'localhost:3000',
        url: 'http://localhost:3000',
        hostPolicy: 'origin',
      },
    });
    expect(newUpstream(t, 'http://b.example', 'API', existing)).toMatchObject({ ok: true, upstream: { id: 'api-2' } });
    expect(newUpstream(t, 'http://b.example', 'Demo', existing)).toMatchObject({ upstream: { id: 'upstream-demo' } });
    expect(newUpstream(t, 'http://b.example', 'Прокси', existing)).toMatchObject({ upstream: { id: 'upstream' } });
  });

  test.each(['', 'http://', 'ftp://x', 'http://u:p@x', 'http://x/?q', 'http://api.example', 'http://a b'])(
    '%j is refused with a sentence',
    (url) => {
      const made = newUpstream(t, url, '', existing);
      expect(made.ok || made.error).toMatch(/^[A-Z].+\.$/);
    },
  );
});

describe('a request as a call of fetch', () => {
  test('has its method and the fields that fetch lets one set', () => {
    const headers = [
      'Host',
      'a.test',
      'Accept',
      'text/html',
      'Cookie',
      'a=1',
      'X-Two',
      '1',
      'X-Two',
      '"2"',
      'Sec-Fetch-Mode',
      'x',
    ];
    expect(fetchCall('POST', 'http://a.test/"x', headers)).toBe(
      `await fetch("http://a.test/\\"x", ${JSON.stringify(
        {
          method: 'POST',
          headers: [
            ['Accept', 'text/html'],
            ['X-Two', '1'],
            ['X-Two', '"2"'],
          ],
        },
        null,
        2,
      )});`,
    );
    expect(fetchCall('GET', 'http://a.test/', ['Host', 'a.test'])).toBe('await fetch("http://a.test/");');
  });
});

test.each([
  ['', 2],
  ['one\ntwo\nthree', 3],
  [`{"items":[${'1,'.repeat(150)}0]}`, 6],
  ['x'.repeat(100_000), 18],
  ['\n'.repeat(100), 18],
])('%#: a field of a form shows as many lines of a text as it is broken into', (text, lines) => {
  expect(shownLines(text, 18)).toBe(lines);
});
