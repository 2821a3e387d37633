import { describe, expect, test } from 'vitest';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { formsFor, typeLie } from '../../renderer/views/body/body-forms.ts';
import { truncationWords } from '../../renderer/views/body/body-notes.tsx';
import { decodeText } from '../../renderer/views/body/decode-text.ts';
import { multipartParts, urlEncodedParts } from '../../renderer/views/body/form-parts.ts';
import { layOutGraphql } from '../../renderer/views/body/graphql-layout.ts';
import { graphqlRequests } from '../../renderer/views/body/graphql-request.ts';
import { layOutJson } from '../../renderer/views/body/json-layout.ts';
import { jsonTree } from '../../renderer/views/body/json-tree.ts';
import { messagePackTree } from '../../renderer/views/body/message-pack.ts';
import { placesOf } from '../../renderer/views/body/places-of.ts';
import { protobufTree } from '../../renderer/views/body/protobuf.ts';
import { bodyFileName } from '../../renderer/views/body/body-file-name.ts';
import { isScaled, lastTop, scrollHeight, scrollTopFor, topRow } from '../../renderer/views/body/scaled-scroll.ts';
import { looksLikeText, sniffType } from '../../renderer/views/body/sniff.ts';
import { closedAtFirst, MAX_NODES, pathOf, visiblePlaces } from '../../renderer/views/body/tree-model.ts';
import type { ValueTree } from '../../renderer/views/body/tree-model.ts';

const t = createTranslate('en', en);
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const hex = (text: string): Uint8Array => Uint8Array.from(text.split(' '), (pair) => Number.parseInt(pair, 16));
const outline = ({ nodes }: ValueTree): string[] =>
  nodes.map(({ depth, key, kind, text }) => `${'  '.repeat(depth)}${key ?? ''} ${text === '' ? kind : text}`);

describe('JSON in lines', () => {
  test('is laid out', () => {
    expect(layOutJson('{"a":[1,{}],"b":"x:,{"}')).toBe('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": "x:,{"\n}');
  });

  test('keeps numbers and repeated keys as they are', () => {
    expect(layOutJson('{"a":9007199254740993,"a":1.50}')).toBe('{\n  "a": 9007199254740993,\n  "a": 1.50\n}');
  });

  test('that is broken or cut off is shown as far as it goes', () => {
    expect(layOutJson('{"a": [1, "unfinis')).toBe('{\n  "a": [\n    1,\n    "unfinis');
    expect(layOutJson(']}{')).toBe('\n]\n}{');
  });

  test('keeps the lines of NDJSON apart', () => {
    expect(layOutJson('1\n[2]\n')).toBe('1\n[\n  2\n]');
  });

  test('a hundred thousand levels deep is laid out at once', () => {
    const depth = 100_000;
    expect(layOutJson('['.repeat(depth) + ']'.repeat(depth)).split('\n')).toHaveLength(2 * depth - 1);
  });
});

describe('JSON as a tree', () => {
  test('has its values in order, with their paths', () => {
    const tree = jsonTree('{"a": [9007199254740993, {"b c": null}], "d": "x"}');
    expect(outline(tree)).toEqual([
      ...[' object', '  a array', '    0 9007199254740993', '    1 object', '      b c null', '  d "x"'],
    ]);
    expect(tree.problem).toBeUndefined();
    expect(pathOf(tree, 4)).toBe('$.a[1]["b c"]');
    expect(visiblePlaces(tree, new Set([1]))).toEqual([0, 1, 5]);
  });

  test.each([
    ['{"a": 1,}', 'line 1, column 9 has “}” where a value belongs'],
    ['[1 2]', 'line 1, column 4 has a value where a comma belongs'],
    ['{\n a: 1}', 'line 2, column 2 has a name without quotes'],
    ['[1, tru]', 'line 1, column 5 has “tru”'],
    ['{"a": [1, 2', 'line 1, column 12 has the end, with brackets still open'],
    ['[1}', 'line 1, column 3 has “}” where it closes nothing'],
  ])('says what is wrong with %s', (text, problem) => {
    expect(jsonTree(text).problem?.(t)).toBe(`This is not valid JSON: ${problem}.`);
  });

  test('a hundred thousand levels deep is there at once', () => {
    const tree = jsonTree('[1,'.repeat(90_000) + ']'.repeat(90_000));
    expect(tree.nodes).toHaveLength(180_000);
    expect(tree.nodes.at(-1)?.depth).toBe(90_000);
    expect(closedAtFirst(tree).size).toBe(89_999);
    expect(pathOf(tree, 179_999)).toMatch(/^\$\[1\]\[1\]/);
  });

  test('with more values than anybody reads stops at a limit', () => {
    const tree = jsonTree(`[${'1,'.repeat(MAX_NODES + 10)}1]`);
    expect(tree.nodes).toHaveLength(MAX_NODES);
    expect(tree.problem?.(t)).toMatch(/^Only the first/);
  });
});

describe('binary values', () => {
  test('of MessagePack become a tree', () => {
    // {"id": 7, "list": [-1, true, 3.5, <2 bytes>], "t": 1970-01-01T00:01:00Z}
    const packed = hex(
      '83 a2 69 64 07 a4 6c 69 73 74 94 ff c3 cb 40 0c 00 00 00 00 00 00 c4 02 de ad a1 74 d6 ff 00 00 00 3c',
    );
    expect(outline(messagePackTree(packed))).toEqual([
      ...[' object', '  id 7', '  list array', '    0 -1', '    1 true', '    2 3.5', '    3 2 bytes: de ad'],
      '  t 1970-01-01T00:01:00.000Z',
    ]);
  });

  test('of MessagePack that break off say so', () => {
    expect(messagePackTree(hex('92 01 d9 40 61')).problem?.(t)).toMatch(/not valid MessagePack from byte 4 on/);
    expect(messagePackTree(hex('82 a1 61 01')).problem?.(t)).toBe('The bytes end in the middle of a value.');
  });

  test('of Protocol Buffers become a tree without a schema', () => {
    // {1: 150, 2: "testing", 3: {1: 1}, 4: fixed32 of 1.0}
    const message = hex('08 96 01 12 07 74 65 73 74 69 6e 67 1a 02 08 01 25 00 00 80 3f');
    expect(outline(protobufTree(message, false))).toEqual([
      ...['1 150 (sint: 75)', '2 "testing"', '3 object', '  1 1', '4 1065353216 (float: 1)'],
    ]);
  });

  test('of gRPC are taken out of their frames', () => {
    const framed = hex('00 00 00 00 02 08 01 00 00 00 00 02 08 02');
    expect(outline(protobufTree(framed, true))).toEqual(['0 message 1', '  1 1', '1 message 2', '  1 2 (sint: 1)']);
    expect(protobufTree(hex('00 00 00 00 05 08'), true).problem).toBeDefined();
  });
});

describe('forms', () => {
  test('have their fields decoded, as far as their encoding is valid', () => {
    expect(urlEncodedParts('a=1+2&b=%E2%82%AC&c=%ff&d').map(({ name, value }) => [name, value])).toEqual([
      ...[
        ['a', '1 2'],
        ['b', '€'],
        ['c', '%ff'],
        ['d', ''],
      ],
    ]);
  });

  test('of several parts are taken apart', () => {
    const body =
      '--x\r\nContent-Disposition: form-data; name="n"\r\n\r\nvalue €\r\n' +
      '--x\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\0\0\r\n--x--\r\n';
    const parts = multipartParts(bytes(body), 'multipart/form-data; boundary=x')!;
    expect(parts.map(({ name, value, fileName, bytes: size }) => [name, value, fileName, size])).toEqual([
      ['n', 'value €', undefined, 9],
      ['f', '', 'a.png', 2],
    ]);
    expect(multipartParts(bytes(body), 'multipart/form-data')).toBeUndefined();
    expect(multipartParts(bytes('nothing'), 'multipart/form-data; boundary="x"')).toBeUndefined();
  });
});

describe('text', () => {
  test('is decoded as its charset says, or as its first bytes do', () => {
    expect(decodeText(t, Uint8Array.of(0xe9), 'latin1')).toEqual({ text: 'é', charset: 'windows-1252' });
    expect(decodeText(t, Uint8Array.of(0xff, 0xfe, 0x61, 0), 'utf-8').text).toBe('a');
    expect(decodeText(t, Uint8Array.of(0, 0x61), 'utf-16be').text).toBe('a');
    expect(decodeText(t, Uint8Array.of(0xff, 0xfe, 0, 0, 0x7a, 0xf3, 1, 0), '')).toEqual({
      text: '🍺',
      charset: 'utf-32le',
    });
    expect(decodeText(t, Uint8Array.of(0, 0, 0, 0x61, 0, 0xff, 0, 0, 0x62), 'utf-32be')).toMatchObject({
      text: 'a\ufffd\ufffd',
      note: expect.stringContaining('utf-32be'),
    });
  });

  test('in an unknown or wrong charset comes with a note', () => {
    expect(decodeText(t, bytes('é'), 'klingon')).toMatchObject({ text: 'é', note: expect.stringContaining('klingon') });
    expect(decodeText(t, Uint8Array.of(0x61, 0xff), 'utf-8')).toMatchObject({
      text: 'a\ufffd',
      note: expect.stringContaining('not valid utf-8'),
    });
    for (const charset of ['us-ascii', 'latin1', 'shift_jis', 'utf-16']) {
      const note = `The charset given is ${charset}, but these bytes are valid UTF-8.`;
      expect(decodeText(t, bytes('Grüße'), charset)).toMatchObject({ note });
    }
    expect(decodeText(t, bytes('plain'), 'us-ascii').note).toBeUndefined();
    expect(decodeText(t, Uint8Array.of(0x61, 0, 0x62, 0), 'utf-16').note).toBeUndefined();
    expect(decodeText(t, Uint8Array.of(0x61, 0xe9), '')).toMatchObject({
      text: 'aé',
      note: expect.stringContaining('Windows-1252'),
    });
  });

  test('is told from binary data', () => {
    expect(looksLikeText(bytes('a\tb\n'))).toBe(true);
    expect(looksLikeText(Uint8Array.of(0, 1, 2))).toBe(false);
  });

  test('is found, in any case or in one', () => {
    expect(placesOf('abcABC', 'bc', false)).toEqual([1, 4]);
    expect(placesOf('abcABC', 'bc', true)).toEqual([1]);
  });
});

describe('GraphQL', () => {
  test('is laid out with a field on each line, and arguments in one', () => {
    const document = `query Hop($id: ID!, $n: Int = 3 $l:[Int!]) @live { hop(id: $id, f: {a: 1 b:[1 2 "x"]}) { n: name ...on Bitter
      @include(if: true) { alpha } ...Frag } } # why
      fragment Frag on Hop { x, y }`;
    expect(layOutGraphql(document)).toBe(
      [
        'query Hop($id: ID!, $n: Int = 3, $l: [Int!]) @live {',
        '  hop(id: $id, f: {a: 1, b: [1, 2, "x"]}) {',
        ...['    n: name', '    ... on Bitter @include(if: true) {', '      alpha', '    }', '    ...Frag', '  }', '}'],
        ...['# why', 'fragment Frag on Hop {', '  x', '  y', '}'],
      ].join('\n'),
    );
    expect(layOutGraphql('type A implements B & C { "d" a(b: Int = 1): String! c: [Int] }')).toBe(
      'type A implements B & C {\n  "d"\n  a(b: Int = 1): String!\n  c: [Int]\n}',
    );
    expect(layOutGraphql('}}{ a')).toBe('}\n}\n{\n  a'.replace('}\n{', '}\n\n{'));
  });

  test('that is hostile is laid out at once', () => {
    expect(layOutGraphql('{a'.repeat(100_000)).split('\n')).toHaveLength(100_001);
    expect(graphqlRequests(JSON.stringify({ query: `{${'\n'.repeat(300_000)}` }))).toHaveLength(1);
    expect(graphqlRequests(`{"query": ${'['.repeat(100_000)}`)).toBeUndefined();
  });

  test('is told from other JSON, and has its operation and the exact variables', () => {
    const query = 'query A { a } mutation B($n: Int) { b(n: $n) }';
    const body = `{"operationName": "B", "variables": {"n": 9007199254740993}, "query": ${JSON.stringify(query)}}`;
    const [request] = graphqlRequests(body) ?? [];
    expect(request).toMatchObject({ document: query, name: 'B', kind: 'mutation' });
    expect(outline(request?.variables ?? { nodes: [] })).toEqual([' object', '  n 9007199254740993']);
    expect(
      graphqlRequests('[{"query": "{ a }"}, {"query": "subscription S { s }"}]')?.map(({ name, kind }) => [kind, name]),
    ).toEqual([
      ['query', undefined],
      ['subscription', 'S'],
    ]);
    for (const other of [
      '{"query": "hops"}',
      '{"query": 1}',
      '{"q": "{a}"}',
      '[]',
      '{"query": "{a}"',
      '[{"query": "{a}"}, 1]',
    ]) {
      expect(graphqlRequests(other), other).toBeUndefined();
    }
    expect(formsFor('application/json', bytes(body))[0]).toBe('graphql');
    expect(formsFor('application/json', bytes('{"query": "hops"}'))[0]).toBe('tree');
    expect(formsFor('application/graphql', bytes('{a}'))[0]).toBe('pretty');
  });
});

describe('the form of a body', () => {
  const png = hex('89 50 4e 47 0d 0a 1a 0a 00 00');

  test('follows its type', () => {
    expect(formsFor('application/vnd.api+json', bytes('{}'))[0]).toBe('tree');
    expect(formsFor('text/html', bytes('<p>'))).toEqual(['pretty', 'text', 'hex']);
    expect(formsFor('application/x-www-form-urlencoded', bytes('a=1'))[0]).toBe('parts');
    expect(formsFor('application/grpc+proto', Uint8Array.of(0))[0]).toBe('protobuf');
    expect(formsFor('image/png', png)[0]).toBe('image');
    expect(formsFor('application/pkix-cert', Uint8Array.of(0x30, 0x82))[0]).toBe('certificate');
  });

  test('follows its bytes where no type tells', () => {
    expect(formsFor('', png)[0]).toBe('image');
    expect(formsFor('application/octet-stream', bytes(' {"a":1}'))[0]).toBe('tree');
    expect(formsFor('', bytes('plain'))[0]).toBe('text');
    expect(formsFor('', Uint8Array.of(0, 1, 2))[0]).toBe('hex');
  });

  test('follows its bytes where JSON is promised and something else has come', () => {
    expect(formsFor('application/json', bytes('<!doctype html><h1>502</h1>'))).toEqual(['pretty', 'text', 'hex']);
    expect(formsFor('application/json', bytes('Too many requests'))[0]).toBe('text');
    expect(formsFor('application/json', Uint8Array.of(0x1f, 0x8b, 8, 0))[0]).toBe('hex');
    for (const value of ['\ufeff {}', ' "a"', '-1', 'true', 'null', '[', ')'])
      expect([value, formsFor('application/json', bytes(value))[0]]).toEqual([value, value === ')' ? 'text' : 'tree']);
    expect(formsFor('application/json', new Uint8Array(Buffer.from('{"a":1}', 'utf16le')))[0]).toBe('tree');
    expect(formsFor('image/png', bytes('{"error":1}'))[0]).toBe('tree');
  });

  test('is never a picture for SVG and HTML, whatever they say', () => {
    expect(formsFor('image/svg+xml', bytes('<svg onload="x">'))[0]).not.toBe('image');
    expect(formsFor('image/svg+xml', bytes('<svg><path d="M0 0"/></svg>'))).toEqual(['pretty', 'text', 'hex']);
    expect(formsFor('image/png', bytes('<script>alert(1)</script>'))).toEqual(['text', 'hex']);
  });

  test('comes with a note where the type lies', () => {
    expect(sniffType(png)).toBe('image/png');
    expect(typeLie(t, 'image/jpeg', png)).toBe(
      'The type is given as image/jpeg, but the bytes are those of image/png.',
    );
    expect(typeLie(t, 'image/png', bytes('<html>'))).toContain('text/html');
    expect(typeLie(t, 'application/json', bytes('<html>'))).toContain('text/html');
    expect(typeLie(t, 'application/json', bytes('{}'))).toBeUndefined();
    expect(typeLie(t, 'image/png', png)).toBeUndefined();
    expect(typeLie(t, 'text/plain', bytes('x'))).toBeUndefined();
  });
});

describe('a body that is not here as a whole', () => {
  const headers = ['content-length', '1000'];

  test('says where it broke off, and how long it was to be', () => {
    expect(truncationWords(t, 'aborted', { captured: 7, total: 7, headers })).toBe(
      'The body broke off after 7 B of 1.0 kB.',
    );
    expect(truncationWords(t, 'aborted', { captured: 7, total: 7, headers: [] })).toBe('The body broke off after 7 B.');
  });

  test('says how much of it was kept', () => {
    expect(truncationWords(t, 'cap', { captured: 7, total: 1000, headers })).toMatch(/^7 B of 1\.0 kB captured\./);
    expect(truncationWords(t, 'aborted', { captured: 7, total: 9, headers })).toMatch(/^7 B of 9 B captured\./);
  });
});

describe('a long list', () => {
  test('that fits is scrolled pixel by pixel', () => {
    const box = { count: 1000, rowHeight: 18, height: 180 };
    expect([isScaled(box), scrollHeight(box), topRow(box, 27), lastTop(box)]).toEqual([false, 18_000, 1.5, 990]);
  });

  test('that does not fit reaches its first and last row all the same', () => {
    const box = { count: 12_500_000, rowHeight: 18, height: 180 };
    expect(isScaled(box)).toBe(true);
    expect(topRow(box, 0)).toBe(0);
    expect(topRow(box, scrollHeight(box) - box.height)).toBe(12_499_990);
    expect(topRow(box, scrollTopFor(box, 7_654_321))).toBeCloseTo(7_654_321, 3);
  });
});

test('a file gets a name that every system takes', () => {
  expect(bodyFileName('http://a/dir/file.json?x=1', 'application/json')).toBe('file.json');
  expect(bodyFileName('http://a/', 'text/html')).toBe('body.html');
  expect(bodyFileName('http://a/a:b%2F..', '')).toBe('a_b_2F..');
});
