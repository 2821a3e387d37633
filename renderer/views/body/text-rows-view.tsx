import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import type { BodyRows, BodySource } from '../../../shared/body-contract.ts';
import type { Answer, InspectorApi } from '../../../shared/contract.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import { RawText } from '../common/raw-text.tsx';
import { endsLine } from '../../../shared/text-units.ts';
import { lenientDecoder } from './decode-text.ts';
import { hostFinder } from './finder.ts';
import type { ByteMatch, Finder } from './finder.ts';
import { usePages } from './use-pages.ts';
import { VirtualRows } from './virtual-rows.tsx';
import type { RowsHandle } from './virtual-rows.tsx';

const PAGE = 200;
/** While the host counts rows, it is asked again so often. */
const COUNTING_MS = 150;

interface TextRow {
  /** Undefined for a row that goes on with its line. */
  readonly line: number | undefined;
  readonly text: string;
  readonly offset: number;
}

interface TextRowsViewProps {
  readonly source: BodySource;
  /** Decoded bytes; it may grow. */
  readonly length: number;
  readonly charset: string;
  readonly onFinder: (finder: Finder) => void;
}

/** A text of any size: its rows are found on the host's side and read where they are in sight. */
export function TextRowsView({ source, length, charset, onFinder }: TextRowsViewProps): ReactElement {
  const { api } = useInspector();
  const t = useT();
  const rows = useRef<RowsHandle>(null);
  const count = useRowCount(api, source, length);
  const [match, setMatch] = useState<ByteMatch>();
  const load = useCallback((page: number) => readRows(api, source, page, charset), [api, source, charset]);
  const pages = usePages(load);
  const { want } = pages;
  const onSight = useCallback(
    (first: number, end: number) => want(Math.floor(first / PAGE), Math.ceil(end / PAGE)),
    [want],
  );
  useEffect(() => {
    const show = (found: ByteMatch): void => {
      setMatch(found);
      rows.current?.show(found.row);
    };
    onFinder(hostFinder(api, source, show));
  }, [api, source, onFinder]);

  const digits = String(count.rows).length;
  const drawRow = (row: number): ReactElement => {
    const drawn = pages.at(Math.floor(row / PAGE))?.[row % PAGE];
    return (
      <div key={row} className="code-line" data-match={match?.row === row}>
        <span className="code-gutter" aria-hidden="true" style={{ '--digits': digits }}>
          {drawn?.line}
        </span>
        {drawn !== undefined && <RawText text={drawn.text} />}
      </div>
    );
  };
  return (
    <>
      <VirtualRows
        handle={rows}
        className="code-rows"
        label={t('body.body')}
        count={count.rows}
        drawRow={drawRow}
        onSight={onSight}
      />
      {!count.counted && <p className="section-note">{t('body.counting')}</p>}
      {pages.error !== undefined && <p className="section-note">{pages.error}</p>}
    </>
  );
}

/** How many rows there are: an estimate at first, then the number. */
function useRowCount(
  api: InspectorApi,
  source: BodySource,
  length: number,
): { readonly rows: number; readonly counted: boolean } {
  const [count, setCount] = useState({ rows: 1, counted: false });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wanted = true;
    const ask = async (): Promise<void> => {
      const answer = await api.request('body.rows', { source, from: 0, limit: 1 });
      if (!wanted || !answer.ok) return;
      const { rows, counted } = answer.value;
      setCount({ rows: Math.max(1, rows), counted });
      if (!counted) timer = setTimeout(() => void ask(), COUNTING_MS);
    };
    void ask();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [api, source, length]);
  return count;
}

async function readRows(
  api: InspectorApi,
  source: BodySource,
  page: number,
  charset: string,
): Promise<Answer<TextRow[]>> {
  const answer = await api.request('body.rows', { source, from: page * PAGE, limit: PAGE });
  if (!answer.ok) return answer;
  const { offset, ends } = answer.value;
  const last = ends.at(-1);
  if (last === undefined) return { ok: true, value: [] };
  const bytes = await api.request('body.decoded', { source, offset, length: last });
  return bytes.ok ? { ok: true, value: textRows(answer.value, bytes.value, charset) } : bytes;
}

function textRows({ offset, ends, line, begins, units }: BodyRows, bytes: Uint8Array, charset: string): TextRow[] {
  const decoder = lenientDecoder(charset, units);
  let number = line;
  let first = begins;
  return ends.map((end, place) => {
    const start = ends[place - 1] ?? 0;
    const ended = endsLine(bytes, end, units);
    // A character that a charset of many bytes has over the end of a row is shown in the next one.
    const stream = !ended && place < ends.length - 1;
    const text = decoder.decode(bytes.subarray(start, end), { stream }).replace(/\r?\n$/, '');
    const row = {
      line: first ? number : undefined,
      text: offset + start === 0 ? text.replace(/^\ufeff/, '') : text,
      offset: offset + start,
    };
    first = ended;
    if (first) number++;
    return row;
  });
}
