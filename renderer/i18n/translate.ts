/**
 * Every text that a person reads comes from a catalogue, by key, through a {@link Translate}.
 *
 * - `en/<area>.ts` and `zh-CN/<area>.ts` hold the texts, an area for each folder of views; `en/catalogue.ts` and
 *   `zh-CN/catalogue.ts` put them together. English comes in two parts: `en/later-texts.ts` with what is loaded on demand. A text belongs into both in the same change. Chinese must have exactly the keys of
 *   English: the types say so, and tests/renderer/catalogues.test.ts compares places and marks and looks for unused keys.
 * - A key is `area.name`. `{{place}}` is filled in; `{{count, number}}` is written with the language's separators. A text that
 *   counts has two keys, `name_one` and `name_other` (Chinese: `name_other` alone), and is asked for as `name` with `count`.
 *   Keys, and the places that each needs, are types: a wrong one does not compile.
 * - A component takes its translator from `useT()` (views/inspector-context.tsx) and is drawn again when the language changes.
 *   A text with elements in it is a `<Rich>`. Elements are never split over several keys: word order differs.
 * - A pure function that makes words takes `t` as its first parameter, and stays pure. A constant table holds keys, as `PlainKey`,
 *   not texts. A store asks `language.getState().t` at the moment when it has something to say.
 * - Keys are written out, or are templates whose variable is a union of literals (`t(`errors.${code}`)`): the compiler and the
 *   test can tell then what is used. Never put two texts together to make a sentence.
 * - The engine speaks English, with codes. What it says is shown as `t.said(text)`: the phrases of another language are in
 *   `zh-CN/phrases/`, next to their English, which the same test looks for in the engine's sources.
 * - Units (`ms`, `kB`, `min`) are SI symbols and the same in both languages (renderer/format). What was captured, protocol words,
 *   names of headers and filters are no texts; they are shown as they are, as `{{place}}` or as elements.
 */
import { createInstance } from 'i18next';
import type { en } from './en/catalogue.ts';
import type { Say } from './engine-speech.ts';

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

type English = typeof en;

/** The texts of an area in another language: the same keys, without the forms for one. */
export type Translated<Area> = { readonly [K in keyof Area as K extends `${string}_one` ? never : K]: string };

/** All texts of one language, by area. */
export type Catalogue = { readonly [A in keyof English]: Translated<English[A]> };

type Singular<K> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K;

/** What a text is asked for by. */
export type Key = {
  [A in keyof English]: `${A}.${Singular<keyof English[A]> & string}`;
}[keyof English];

type TextIn<Area, Name extends string> = Area[keyof Area & (Name | `${Name}_one` | `${Name}_other`)];

type TextOf<K extends Key> = K extends `${infer A extends keyof English}.${infer Name}`
  ? TextIn<English[A], Name>
  : never;

type Places<Text> = Text extends `${string}{{${infer Place}}}${infer Rest}`
  ? (Place extends `${infer Name},${string}` ? Name : Place) | Places<Rest>
  : never;

type Counted<K extends Key> = K extends `${infer A extends keyof English}.${infer Name}`
  ? `${Name}_other` extends keyof English[A]
    ? 'count'
    : never
  : never;

/** The places of a text that are to be filled in. */
export type PlacesOf<K extends Key> = Places<TextOf<K>> | Counted<K>;

/** The marked parts of a text, as in `<em>here</em>`. */
export type MarksOf<K extends Key> = Marks<TextOf<K>>;
type Marks<Text> = Text extends `${string}</${infer Mark}>${infer Rest}` ? Mark | Marks<Rest> : never;

/** Keys of texts without places, for tables that are data. */
export type PlainKey = { [K in Key]: [PlacesOf<K>] extends [never] ? K : never }[Key];

type Values<K extends Key> = { readonly [P in PlacesOf<K>]: P extends 'count' ? number : string | number };

type Sentence = <K extends Key>(key: K, ...values: [PlacesOf<K>] extends [never] ? [] : [values: Values<K>]) => string;

/** Makes texts of one language. */
export interface Translate extends Sentence {
  /** For `Intl`. */
  readonly language: Language;
  /** What the engine says of a failure, a decision or a setting; English as it is where the language has no words for it. */
  readonly said: Say;
  /** The text as the catalogue has it, with its places and marks; `count` chooses the form. */
  readonly template: (key: Key, count?: number) => string;
}

/** A translator whose catalogue comes in parts. */
export interface GrowingTranslate extends Translate {
  /** Adds areas, before anything asks for their texts. */
  add(texts: Partial<English>): void;
}

/** A translator for `language`, whose texts are in `catalogue`. @param said the engine's sentences in that language */
export function createTranslate(
  language: Language,
  catalogue: Partial<English> | Catalogue,
  said: Say = (text) => text,
): GrowingTranslate {
  const instance = createInstance({
    lng: language,
    resources: { [language]: { translation: catalogue } },
    initAsync: false,
  });
  // Without an asynchronous back end it has happened when this returns.
  void instance.init();
  const fixed = instance.getFixedT(language);
  const numbers = new Intl.NumberFormat(language);
  const plurals = new Intl.PluralRules(language);
  // Rows ask for the same few texts again and again: each is looked up once for each of its forms.
  const templates = new Map<string, string>();

  const template = (key: Key, count?: number): string => {
    const form = count === undefined ? key : `${key} ${plurals.select(count)}`;
    let text = templates.get(form);
    if (text === undefined) {
      text = fixed(key, { skipInterpolation: true, ...(count === undefined ? {} : { count }) });
      templates.set(form, text);
    }
    return text;
  };
  const translate = (key: Key, values?: Readonly<Record<string, string | number>>): string => {
    if (values === undefined) return template(key);
    const { count } = values;
    return template(key, typeof count === 'number' ? count : undefined).replace(
      PLACE,
      (_place, name: string, format: string | undefined) => {
        const value = values[name] ?? '';
        return format !== undefined && typeof value === 'number' ? numbers.format(value) : String(value);
      },
    );
  };
  const add = (texts: Partial<English>): void => {
    instance.addResourceBundle(language, 'translation', texts, true);
  };
  return Object.assign(translate as Sentence, { language, said, template, add });
}

const PLACE = /\{\{(\w+)(, number)?\}\}/g;
