import {
  StreamLanguage,
  HighlightStyle,
  codeFolding,
  foldGutter,
  foldService,
  syntaxHighlighting,
} from '@codemirror/language';
import type { StreamParser } from '@codemirror/language';
import { EditorState, RangeSet, StateEffect, StateField } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { Decoration, EditorView, highlightSpecialChars, lineNumbers } from '@codemirror/view';
import type { DecorationSet } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { characterName, UNSHOWABLE } from '../../format/visible-text.ts';

/** Lines longer than this are not wrapped: breaking them takes longer than anybody waits. */
const LONGEST_WRAPPED = 20_000;
/** Lines that a fold looks through for its end. */
const FOLD_REACH = 20_000;

const theme = EditorView.theme({
  '&': { maxHeight: 'var(--editor-height)', backgroundColor: 'transparent', color: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--font-mono)',
    fontSize: 'var(--text-mono)',
    lineHeight: '18px',
    overflow: 'auto',
  },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 10px 0 4px' },
  '.cm-gutters': { backgroundColor: 'var(--surface-sunken)', color: 'var(--text-3)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 4px 0 10px', minWidth: '28px' },
  '.cm-foldGutter .cm-gutterElement': { padding: '0 2px', cursor: 'default' },
  '.cm-foldPlaceholder': {
    margin: '0 3px',
    padding: '0 5px',
    border: 'none',
    backgroundColor: 'var(--surface-pressed)',
    color: 'var(--text-2)',
  },
  '.cm-match': { backgroundColor: 'var(--match)', borderRadius: '2px' },
  '.cm-match-current': { backgroundColor: 'var(--match-current)', outline: '1px solid var(--focus)' },
  '.raw-escape': {
    margin: '0 1px',
    padding: '0 2px',
    borderRadius: '2px',
    backgroundColor: 'var(--warn-soft)',
    color: 'var(--warn)',
    fontSize: '0.85em',
  },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.attributeName, tags.definition(tags.variableName)], color: 'var(--code-key)' },
  { tag: [tags.string, tags.special(tags.string), tags.attributeValue], color: 'var(--code-string)' },
  { tag: [tags.number, tags.unit, tags.color], color: 'var(--code-number)' },
  { tag: [tags.keyword, tags.atom, tags.bool, tags.tagName, tags.meta], color: 'var(--code-word)' },
  { tag: [tags.punctuation, tags.bracket, tags.angleBracket, tags.comment], color: 'var(--code-punctuation)' },
]);

/** The extensions of a read-only view of captured text. */
export function viewerExtensions(text: string, parser: StreamParser<unknown> | undefined, label: string): Extension[] {
  return [
    EditorState.readOnly.of(true),
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', spellcheck: 'false' }),
    lineNumbers(),
    ...(longestLine(text) <= LONGEST_WRAPPED ? [EditorView.lineWrapping] : []),
    ...(parser === undefined ? [] : [StreamLanguage.define(parser), byIndentation, codeFolding(), foldGutter()]),
    syntaxHighlighting(colours),
    highlightSpecialChars({ addSpecialChars: UNSHOWABLE_HERE, render: drawSpecial }),
    matchField,
    theme,
  ];
}

// Tabs and line breaks are the editor's own.
const UNSHOWABLE_HERE = new RegExp(`(?![\\t\\n\\r])(?:${UNSHOWABLE.source})`, 'g');

function drawSpecial(code: number): HTMLElement {
  const element = document.createElement('span');
  element.className = 'raw-escape';
  element.textContent = characterName(String.fromCodePoint(code));
  return element;
}

/** What is indented deeper belongs to the line before it. */
const byIndentation = foldService.of((state, from) => {
  const first = state.doc.lineAt(from);
  if (first.text.trim() === '') return null;
  const indent = indentOf(first.text);
  let end = first.to;
  for (let number = first.number + 1; number <= Math.min(state.doc.lines, first.number + FOLD_REACH); number++) {
    const line = state.doc.line(number);
    if (line.text.trim() === '') continue;
    if (indentOf(line.text) <= indent) break;
    end = line.to;
  }
  return end > first.to ? { from: first.to, to: end } : null;
});

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

function longestLine(text: string): number {
  let longest = 0;
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    longest = Math.max(longest, stop - start);
    start = stop + 1;
  }
  return longest;
}

/** Which places match what is looked for, and which of them is the current one. */
export interface Matches {
  readonly places: readonly number[];
  readonly length: number;
  readonly current: number;
}

export const showMatches = StateEffect.define<Matches>();

const mark = Decoration.mark({ class: 'cm-match' });
const currentMark = Decoration.mark({ class: 'cm-match cm-match-current' });

const matchField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, transaction) {
    for (const effect of transaction.effects) if (effect.is(showMatches)) return decorate(effect.value);
    return before;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorate({ places, length, current }: Matches): DecorationSet {
  // Matches that overlap the one before them are not marked apart.
  let free = 0;
  const ranges = places.flatMap((at) => {
    if (at < free) return [];
    free = at + length;
    return [(at === current ? currentMark : mark).range(at, at + length)];
  });
  return RangeSet.of(ranges);
}
