import { FILTER_KEYS, filterKey } from '../../../shared/filter/filter-keys.ts';
import { quoteValue } from '../../../shared/filter/edit-filter.ts';
import type { Translate } from '../../i18n/translate.ts';
import { meaningOf } from './key-meanings.ts';
import { KNOWN_FIELDS } from './known-fields.ts';
import type { RowAnswer, RowQuestion } from '../../store/query/query-messages.ts';

/** What the text could go on with. */
export interface Suggestion {
  /** Shown, and spoken by a screen reader. */
  readonly label: string;
  /** More about it: a meaning, or how many requests have it. */
  readonly detail: string;
  /** The whole text once it is chosen, and where the caret then stands. */
  readonly text: string;
  readonly caret: number;
}

const MOST = 12;

type Ask = (question: RowQuestion) => Promise<RowAnswer>;

/** What is being written: the word up to the caret, from where on, and the text on both sides of it. */
interface Written {
  readonly word: string;
  readonly before: string;
  readonly after: string;
}

/** Suggestions for what is being written at `caret`: keys by name, values by what has been captured. */
export async function suggest(t: Translate, text: string, caret: number, ask: Ask): Promise<Suggestion[]> {
  const word = /[^\s()]*$/.exec(text.slice(0, caret))?.[0].replace(/^[-!]+/, '') ?? '';
  const written = { word, before: text.slice(0, caret - word.length), after: text.slice(caret) };
  const field = /^([\w.]+)\[([^\]]*)$/.exec(word);
  if (field !== null) return fieldSuggestions(written, field[1] as string, field[2] as string);
  const value = /^([A-Za-z.-]+)(:|=|!=)([^"]*)$/.exec(word);
  if (value !== null) return valueSuggestions(written, value[1] as string, value[2] as string, value[3] as string, ask);
  return word === '' ? [] : keySuggestions(t, written);
}

function keySuggestions(t: Translate, written: Written): Suggestion[] {
  const typed = written.word.toLowerCase();
  const matching = FILTER_KEYS.filter((key) => key.name.startsWith(typed) || key.aliases?.includes(typed) === true);
  return matching.slice(0, MOST).map((key) => {
    const ending = key.kind === 'header' ? '[' : key.kind === 'number' && key.name !== 'status' ? '>' : ':';
    return replaced(written, `${key.name}${ending}`, t(`filterKeys.${meaningOf(key.name)}`));
  });
}

function fieldSuggestions(written: Written, key: string, typed: string): Suggestion[] {
  const matching = KNOWN_FIELDS.filter((name) => name.startsWith(typed.toLowerCase()));
  return matching.slice(0, MOST).map((name) => replaced(written, `${key}[${name}]:`, ''));
}

async function valueSuggestions(
  written: Written,
  name: string,
  operator: string,
  typed: string,
  ask: Ask,
): Promise<Suggestion[]> {
  const key = filterKey(name);
  if (key === undefined) return [];
  const list = typed.slice(0, typed.lastIndexOf(',') + 1);
  const last = typed.slice(list.length);
  const answer = await ask({ kind: 'values', key: key.name, typed: last });
  const counts = new Map(answer.kind === 'values' ? answer.values.map(({ value, count }) => [value, count]) : []);
  const words = key.kind === 'word' ? key.words.filter((word) => word.startsWith(last.toLowerCase())) : [];
  const values = key.kind === 'word' ? words : [...counts.keys()];
  return values
    .filter((value) => value !== last)
    .slice(0, MOST)
    .map((value) => {
      const count = counts.get(value);
      return replaced(
        written,
        `${name}${operator}${list}${quoteValue(value)} `,
        count === undefined ? '' : String(count),
      );
    });
}

function replaced({ before, after }: Written, word: string, detail: string): Suggestion {
  const head = before + word;
  return { label: word.trim(), detail, text: head + after.trimStart(), caret: head.length };
}
