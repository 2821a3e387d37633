import { describe, expect, test } from 'vitest';
import { posix } from 'node:path';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { laterTexts } from '../../renderer/i18n/en/later-texts.ts';
import { createLanguageStore, languageFor, speak } from '../../renderer/i18n/language-store.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { zhCN } from '../../renderer/i18n/zh-CN/catalogue.ts';
import { chinese } from '../../renderer/i18n/zh-CN/chinese.ts';
import { askedKeys, rawTexts, rendererSources, stringPatterns } from './source-texts.ts';

/** Names and protocol words, which are the same in every language. */
const NAMES = new Set([
  'Hopscope',
  'URL',
  'TLS',
  'Python',
  'SVG',
  'Mermaid',
  'environ',
  'Last-Event-ID',
  'RFC 9211',
  'ALPN',
  'SHA-256',
  'Cache-Status',
  'If-None-Match',
  'Content-Security-Policy',
]);

/** Titles of standards, which are English. */
const STANDARD = /§\d|^(?:Fetch(?:: .*| Metadata)|HTML: .*|Tracking Preference Expression)$/;

/** Examples of what is typed (paths, hosts, variables, commands, filters), and code that is written: SVG, Mermaid, selectors. */
const EXAMPLE = [
  /^[\w.*:/=-]*[./:=*_][\w.*:/=-]*$/,
  /^(?:curl(?: -x)?|http:\/\/.*)$/,
  /^-?[a-z]+[:<>[]\S.*$/,
  /^function /,
  /^await fetch\($/,
  /^\(prefers-[a-z-]+: [a-z]+\)$/,
  /^<\w+ [\w:]+="/,
  /^text \{ font/,
  /\[[a-z-]+(?:=[^\]]*)?\]/,
  /^Note over$/,
  /^(?:Aa|Shift Enter|1px solid .*|cm-match .*)$/,
  /^[A-Z][A-Za-z-]+: \S+$/,
  /^(?:localhost \*\.internal\.example|direct, my-proxy|utm_source, utm_medium)$/,
];

function sameEverywhere(text: string): boolean {
  return NAMES.has(text.replace(/^, /, '')) || STANDARD.test(text) || EXAMPLE.some((form) => form.test(text));
}

const sources = rendererSources();
const texts = { en: flat(en), 'zh-CN': flat(zhCN) };

/** Texts by key. */
function flat(catalogue: Readonly<Record<string, Readonly<Record<string, string>>>>): Map<string, string> {
  return new Map(
    Object.entries(catalogue).flatMap(([area, entries]) =>
      Object.entries(entries).map(([name, text]) => [`${area}.${name}`, text] as const),
    ),
  );
}

function base(key: string): string {
  return key.replace(/_(?:one|other)$/, '');
}

/** The names of places and of marks in a text, sorted; a count may be left out where a form says it in words. */
function parts(text: string): string[] {
  const places = [...text.matchAll(/\{\{(\w+)(?:, number)?\}\}/g)].map((match) => `{{${match[1] ?? ''}}}`);
  const marks = [...text.matchAll(/<(\w+)>.*?<\/\1>/g)].map((match) => `<${match[1] ?? ''}>`);
  return [...new Set([...places, ...marks])].filter((part) => part !== '{{count}}').sort();
}

describe('the catalogues', () => {
  test('have the same keys', () => {
    expect([...new Set([...texts['zh-CN'].keys()].map(base))].sort()).toEqual(
      [...new Set([...texts.en.keys()].map(base))].sort(),
    );
  });

  test('have the same places and marks in each text, and none that is half written', () => {
    const english = new Map([...texts.en].map(([key, text]) => [base(key), parts(text)]));
    const different = [...texts.en, ...texts['zh-CN']].filter(
      ([key, text]) => JSON.stringify(parts(text)) !== JSON.stringify(english.get(base(key))),
    );
    expect(different).toEqual([]);
    const halfWritten = [...texts.en, ...texts['zh-CN']].filter(([, text]) =>
      /[{}]|<\/?\w+>/.test(text.replaceAll(/\{\{\w+(?:, number)?\}\}/g, '').replaceAll(/<(\w+)>(.*?)<\/\1>/g, '$2')),
    );
    expect(halfWritten).toEqual([]);
  });

  test('have no empty text, and Chinese is Chinese', () => {
    expect([...texts.en, ...texts['zh-CN']].filter(([, text]) => text.trim() === '')).toEqual([]);
    // Whole English sentences that somebody has forgotten: four words in a row, but for what is written on the wire.
    const english = [...texts['zh-CN']].filter(([, text]) => /(?:\b[a-z]{2,} ){3}[a-z]{2,}/.test(text));
    expect(english).toEqual([]);
  });

  test('hold only keys that are used, and every key that is asked for', () => {
    const { whole, templates } = stringPatterns(sources);
    const known = new Set([...texts.en.keys()].map(base));
    const unused = [...known].filter((key) => !whole.has(key) && !templates.some((template) => template.test(key)));
    expect(unused).toEqual([]);
    expect(sources.flatMap(askedKeys).filter((key) => !known.has(key))).toEqual([]);
  });
});

test('what the window says from the start is there from the start', () => {
  const files = new Map(sources.map((source) => [source.path, source]));
  const reached = new Set(['main.tsx']);
  for (const path of reached) {
    const imports =
      files.get(path)?.file.text.matchAll(/^(?:import|export) (?!type )[^;]*? from '(\.[^']+)';/gms) ?? [];
    for (const [, target = ''] of imports) reached.add(posix.join(posix.dirname(path), target));
  }
  expect(reached).toContain('views/request-list/request-list.tsx');
  const later = new RegExp(`['"\`](?:${Object.keys(laterTexts).join('|')})\\.\\w`);
  const early = [...reached].filter(
    (path) => !path.startsWith('i18n/') && later.test(files.get(path)?.file.text ?? ''),
  );
  expect(early).toEqual([]);
});

test('the interface has no texts outside of them', () => {
  // What the client says of a lost connection is one of the engine's phrases.
  const views = sources.filter(({ path }) => !/^(?:i18n|client)\//.test(path));
  expect(views.flatMap((source) => rawTexts(source, sameEverywhere))).toEqual([]);
});

describe('a translator', () => {
  const t = createTranslate('en', en);
  const zh = chinese();

  test('fills in places, counts and separates thousands', () => {
    expect(t('notices.purged', { count: 1 })).toBe('The stored response was purged.');
    expect(t('notices.purged', { count: 12_345 })).toBe('12,345 stored responses were purged.');
    expect(zh('notices.purged', { count: 1 })).toBe('已清除 1 个缓存条目。');
  });

  test('leaves what is filled in as it is', () => {
    const hostile = '$t(start.waiting) {{reason}} <strong>&amp;</strong>';
    expect(t('notices.languageFailed', { reason: hostile })).toBe(`The language could not be changed. ${hostile}`);
  });

  test('gives the template of a text with elements', () => {
    expect(t.template('start.lead')).toContain('{{proxy}}');
    expect(t.template('notices.purged', 2)).toBe('{{count, number}} stored responses were purged.');
  });
});

describe('the language', () => {
  test('is the one that was chosen, else the first of the system’s that there is', () => {
    expect(languageFor('zh-CN', ['en'])).toBe('zh-CN');
    expect(languageFor('auto', ['de-DE', 'zh-Hans-CN', 'en'])).toBe('zh-CN');
    expect(languageFor('auto', ['en-GB', 'zh'])).toBe('en');
    expect(languageFor('auto', ['de'])).toBe('en');
  });

  test('changes when its catalogue is there, and the last wish wins', async () => {
    const store = createLanguageStore();
    expect(store.getState().t.language).toBe('en');
    const first = speak(store, 'zh-CN');
    await speak(store, 'en');
    await first;
    expect(store.getState().t.language).toBe('en');
    await speak(store, 'zh-CN');
    expect(store.getState().t('start.client')).toBe('客户端');
  });
});
