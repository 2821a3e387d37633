import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { JavaScriptApplication } from 'hopscope/handlers';
import { validator } from 'hopscope/handlers';

// Applications for the tests; the path says which.

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const plain = [['Content-Type', 'text/plain']] as const;
const closed: string[] = [];
const go = Promise.withResolvers<undefined>();

const rules: Record<string, JavaScriptApplication> = {
  hello(_environ, startResponse) {
    startResponse('200 OK', plain);
    return [text('Hello')];
  },
  environ(environ, startResponse) {
    startResponse('200 OK', plain);
    return [text(JSON.stringify(environ))];
  },
  async echo(environ, startResponse) {
    const pieces: Uint8Array[] = [];
    for await (const piece of environ['hopscope.input']) pieces.push(piece);
    startResponse('200 OK', plain);
    return pieces;
  },
  async count(environ, startResponse) {
    let size = 0;
    for await (const piece of environ['hopscope.input']) size += piece.length;
    startResponse('200 OK', plain);
    return [text(String(size))];
  },
  generated(_environ, startResponse) {
    startResponse('200 OK', plain);
    return (async function* () {
      try {
        yield text('one,');
        await Promise.resolve();
        yield new Uint8Array(0);
        yield text('two');
      } finally {
        closed.push('generated');
      }
    })();
  },
  endless(_environ, startResponse) {
    startResponse('200 OK', plain);
    return (function* () {
      try {
        while (true) yield new Uint8Array(65_536);
      } finally {
        closed.push('endless');
      }
    })();
  },
  'never-ends'(_environ, startResponse) {
    startResponse('200 OK', plain);
    return (async function* () {
      yield text('begun');
      await Promise.withResolvers<undefined>().promise;
    })();
  },
  closing(_environ, startResponse) {
    startResponse('200 OK', plain);
    return Object.assign([text('a'), text('b')], { close: () => void closed.push('closing') });
  },
  closed(_environ, startResponse) {
    startResponse('200 OK', plain);
    return [text(closed.join())];
  },
  async write(_environ, startResponse) {
    const write = startResponse('200 OK', plain);
    await write(text('imperative, '));
    return [text('then iterated')];
  },
  async together(_environ, startResponse) {
    const write = startResponse('200 OK', plain);
    await Promise.all(Array.from({ length: 40 }, () => write(new Uint8Array(65_536))));
    return [text('!')];
  },
  async unawaited(_environ, startResponse) {
    const write = startResponse('200 OK', plain);
    const piece = new Uint8Array(65_536);
    const isThere = (): Promise<boolean> =>
      write(piece).then(
        () => true,
        () => false,
      );
    while (await isThere()) void write(piece);
    void write(piece);
    await delay(1);
    closed.push('unawaited');
    return [];
  },
  'closes-late'(_environ, startResponse) {
    startResponse('200 OK', plain);
    return Object.assign([text('one,'), text('two')], { close: () => go.promise });
  },
  go(_environ, startResponse) {
    go.resolve(undefined);
    startResponse('204 No Content', [['Content-Length', '0']]);
    return [];
  },
  'same-length-twice'(_environ, startResponse) {
    startResponse('200 OK', [
      ['Content-Length', '5'],
      ['content-length', ' 5'],
    ]);
    return [text('12345')];
  },
  'two-lengths'(_environ, startResponse) {
    startResponse('200 OK', [
      ['Content-Length', '5'],
      ['Content-Length', '7'],
    ]);
    return [text('12345')];
  },
  replaced(_environ, startResponse) {
    startResponse('200 OK', plain);
    startResponse('503 Sorry', plain, new Error('changed my mind'));
    return [text('replaced')];
  },
  twice(_environ, startResponse) {
    startResponse('200 OK', plain);
    startResponse('200 OK', plain);
    return [];
  },
  late(_environ, startResponse) {
    startResponse('200 OK', plain);
    return (function* () {
      yield text('begun');
      startResponse('500 No', plain, new Error('after the head'));
    })();
  },
  async file(environ, startResponse) {
    startResponse('200 OK', plain);
    return environ['hopscope.fileWrapper'](await open(new URL(import.meta.url)));
  },
  prints(environ, startResponse) {
    console.log('on stdout');
    environ['hopscope.errors'].write('on errors');
    startResponse('200 OK', plain);
    return [];
  },
  hop(_environ, startResponse) {
    startResponse('200 OK', [['Connection', 'close']]);
    return [];
  },
  string(_environ, startResponse) {
    startResponse('200 OK', plain);
    return 'text' as never;
  },
  bytes(_environ, startResponse) {
    startResponse('200 OK', plain);
    return text('text') as never;
  },
  raises() {
    throw new Error('<b>boom</b>');
  },
  'raises-long'() {
    throw new Error(`begin ${'x'.repeat(1_000_000)} end`);
  },
  'prints-much'(_environ, startResponse) {
    for (let i = 0; i < 3; i++) console.log('x'.repeat(50_000));
    startResponse('200 OK', plain);
    return [];
  },
  'throws-nothing'() {
    throw Object.create(null) as Error;
  },
  'throws-cycle'() {
    const inner = new Error('inner');
    const outer = new Error('outer', { cause: inner });
    inner.cause = outer;
    throw outer;
  },
  loop() {
    while (true);
  },
  exit() {
    process.exit(3);
  },
  async rejects(_environ, startResponse) {
    void Promise.reject(new Error('nobody waits for this'));
    await delay(1_000);
    startResponse('200 OK', plain);
    return [];
  },
};

function named(path: string): JavaScriptApplication {
  return rules[path.split('/')[1] ?? ''] ?? (rules['hello'] as JavaScriptApplication);
}

export const application: JavaScriptApplication = (environ, startResponse) => {
  const path = environ['PATH_INFO'] ?? '';
  const checked = path.startsWith('/checked');
  const found = named(checked ? path.slice('/checked'.length) : path);
  return (checked ? validator(found) : found)(environ, startResponse);
};
