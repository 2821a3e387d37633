import { ChevronRight } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { visibleText } from '../../format/visible-text.ts';
import type { Translate } from '../../i18n/translate.ts';
import { RawText } from '../common/raw-text.tsx';
import { CopyButton } from '../common/copy-button.tsx';
import { useT } from '../inspector-context.tsx';
import { listFinder } from './finder.ts';
import type { Finder } from './finder.ts';
import { unquoted } from './json-tree.ts';
import { closedAtFirst, pathOf, visiblePlaces } from './tree-model.ts';
import type { TreeNode, ValueTree } from './tree-model.ts';
import { VirtualRows } from './virtual-rows.tsx';
import type { RowsHandle } from './virtual-rows.tsx';

/** Pixels that a level is indented, and the levels that are. */
const INDENT = 14;
const DEEPEST_INDENT = 30;
/** Characters of a value that are drawn. */
const VALUE_LIMIT = 2_000;

interface ValueTreeViewProps {
  readonly tree: ValueTree;
  readonly label: string;
  readonly onFinder: (finder: Finder) => void;
}

/** Values in values, to be opened and closed; the path of the selected one can be copied. */
export function ValueTreeView({ tree, label, onFinder }: ValueTreeViewProps): ReactElement {
  const t = useT();
  const rows = useRef<RowsHandle>(null);
  const [closed, setClosed] = useState(() => closedAtFirst(tree));
  const [selected, setSelected] = useState(0);
  const places = useMemo(() => visiblePlaces(tree, closed), [tree, closed]);
  const id = useId();

  const open = (place: number, wanted: boolean): void =>
    setClosed((before) => {
      const next = new Set(before);
      if (wanted) next.delete(place);
      else next.add(place);
      return next;
    });
  const select = (place: number): void => {
    setSelected(place);
    rows.current?.show(places.indexOf(place));
  };

  const reveal = useRef<number>(undefined);
  useEffect(() => {
    if (reveal.current === undefined) return;
    const row = places.indexOf(reveal.current);
    reveal.current = undefined;
    rows.current?.show(row);
  }, [places]);
  useEffect(() => {
    const show = (place: number): void => {
      reveal.current = place;
      setSelected(place);
      // A new set, also when nothing was closed, so that the row is shown.
      setClosed((before) => withoutAncestors(tree, before, place));
    };
    onFinder(listFinder((sought) => placesWith(tree, sought.text, sought.matchCase), show));
  }, [tree, onFinder]);

  const onKey = (event: KeyboardEvent): boolean => {
    const target = treeKey(event.key, tree, { places, closed, selected });
    if (target === undefined) return false;
    if ('open' in target) open(selected, target.open);
    else select(target.select);
    return true;
  };

  const drawRow = (row: number): ReactElement => {
    const place = places[row] ?? 0;
    const node = tree.nodes[place] as TreeNode;
    return (
      <TreeRow
        key={place}
        id={`${id}${place}`}
        node={node}
        closed={closed.has(place)}
        selected={place === selected}
        onPress={() => {
          setSelected(place);
          if (node.count > 0) open(place, closed.has(place));
        }}
      />
    );
  };
  const path = pathOf(tree, selected);
  return (
    <div className="tree-frame">
      <VirtualRows
        handle={rows}
        role="tree"
        className="code-rows tree"
        label={label}
        count={places.length}
        drawRow={drawRow}
        onKey={onKey}
        active={`${id}${selected}`}
      />
      <div className="tree-path">
        <code>
          <RawText text={path} limit={300} />
        </code>
        <CopyButton text={path} label={t('body.copyPath')} size="small" />
        <CopyButton text={() => valueText(tree, selected)} label={t('message.copyValue')} size="small" />
      </div>
      {tree.problem !== undefined && <p className="section-note">{tree.problem(t)}</p>}
    </div>
  );
}

interface TreeRowProps {
  readonly id: string;
  readonly node: TreeNode;
  readonly closed: boolean;
  readonly selected: boolean;
  readonly onPress: () => void;
}

function TreeRow({ id, node, closed, selected, onPress }: TreeRowProps): ReactElement {
  const t = useT();
  const { depth, key, kind, text, count } = node;
  const holds = kind === 'object' || kind === 'array';
  return (
    <div
      id={id}
      className="code-line tree-row"
      role="treeitem"
      aria-level={depth + 1}
      aria-label={spokenName(t, node, closed)}
      aria-selected={selected}
      {...(count > 0 ? { 'aria-expanded': !closed } : {})}
      style={{ paddingInlineStart: Math.min(depth, DEEPEST_INDENT) * INDENT }}
      onClick={onPress}
    >
      <ChevronRight className="icon icon-small tree-arrow" data-shown={count > 0} aria-hidden="true" />
      {key !== null && (
        <>
          <span className={typeof key === 'number' ? 'code-punctuation' : 'code-key'}>
            <RawText text={String(key)} limit={300} />
          </span>
          <span className="code-punctuation">: </span>
        </>
      )}
      {holds ? (
        <span className="code-punctuation">{holderWords(t, node, closed)}</span>
      ) : (
        <span className={kind === 'note' ? 'section-note' : `code-${kind}`}>
          <RawText text={text} limit={VALUE_LIMIT} />
        </span>
      )}
    </div>
  );
}

function spokenName(t: Translate, node: TreeNode, closed: boolean): string {
  const { key, kind, text } = node;
  const value = kind === 'object' || kind === 'array' ? holderWords(t, node, closed) : text.slice(0, 300);
  return visibleText(key === null ? value : `${key}: ${value}`);
}

function holderWords(t: Translate, { kind, count, text }: TreeNode, closed: boolean): string {
  const words = t('body.values', { count });
  const marks = kind === 'object' ? ['{', '}'] : ['[', ']'];
  const inside = text === '' ? words : `${text}, ${words}`;
  if (count === 0) return marks.join('');
  return closed ? `${marks[0]} … ${marks[1]}  ${inside}` : `${marks[0]} ${marks[1]}  ${inside}`;
}

interface TreeState {
  readonly places: readonly number[];
  readonly closed: ReadonlySet<number>;
  readonly selected: number;
}

/** What a key asks of a tree, as the ARIA practices for tree views have it. */
function treeKey(
  key: string,
  { nodes }: ValueTree,
  { places, closed, selected }: TreeState,
): { readonly select: number } | { readonly open: boolean } | undefined {
  const row = places.indexOf(selected);
  const node = nodes[selected];
  const at = (wanted: number): { select: number } => ({
    select: places[Math.min(places.length - 1, Math.max(0, wanted))] ?? 0,
  });
  switch (key) {
    case 'ArrowDown':
      return at(row + 1);
    case 'ArrowUp':
      return at(row - 1);
    case 'Home':
      return at(0);
    case 'End':
      return at(places.length - 1);
    case 'ArrowRight':
      return closed.has(selected) ? { open: true } : at(row + ((node?.count ?? 0) > 0 ? 1 : 0));
    case 'ArrowLeft':
      if ((node?.count ?? 0) > 0 && !closed.has(selected)) return { open: false };
      return { select: Math.max(0, node?.parent ?? 0) };
    case 'Enter':
    case ' ':
      return (node?.count ?? 0) > 0 ? { open: closed.has(selected) } : at(row);
    default:
      return undefined;
  }
}

function placesWith({ nodes }: ValueTree, sought: string, matchCase: boolean): number[] {
  const fold = (text: string): string => (matchCase ? text : text.toLowerCase());
  const needle = fold(sought);
  const places: number[] = [];
  nodes.forEach(({ key, text }, place) => {
    if (fold(text).includes(needle) || (typeof key === 'string' && fold(key).includes(needle))) places.push(place);
  });
  return places;
}

function withoutAncestors({ nodes }: ValueTree, closed: ReadonlySet<number>, place: number): Set<number> {
  const open = new Set(closed);
  for (let parent = nodes[place]?.parent ?? -1; parent >= 0; parent = nodes[parent]?.parent ?? -1) open.delete(parent);
  return open;
}

/** A value as text: a scalar as it stands, a text without its quotes, what holds others as JSON of what is shown. */
function valueText({ nodes }: ValueTree, place: number): string {
  const node = nodes[place];
  if (node === undefined) return '';
  if (node.kind === 'string') return unquoted(node.text);
  if (node.kind !== 'object' && node.kind !== 'array') return node.text;
  const pieces: string[] = [];
  const ends: { readonly end: number; readonly mark: string }[] = [];
  for (let at = place; at < node.end; at++) {
    const { key, kind, text, parent, end } = nodes[at] as TreeNode;
    while (ends.length > 0 && at >= (ends.at(-1)?.end ?? 0)) pieces.push(ends.pop()?.mark ?? '');
    if (at > place && !/[{[]$/.test(pieces.at(-1) ?? '')) pieces.push(', ');
    if (at > place && nodes[parent]?.kind === 'object') pieces.push(`${JSON.stringify(String(key))}: `);
    if (kind === 'object' || kind === 'array') {
      pieces.push(kind === 'object' ? '{' : '[');
      ends.push({ end, mark: kind === 'object' ? '}' : ']' });
    } else pieces.push(kind === 'note' ? JSON.stringify(text) : text);
  }
  for (const { mark } of ends.toReversed()) pieces.push(mark);
  return pieces.join('');
}
