import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import type { BodySource } from '../../../shared/body-contract.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import { hostFinder, listFinder } from './finder.ts';
import type { ByteMatch, Finder } from './finder.ts';
import { placesOf } from './places-of.ts';
import type { ReadableBytes } from '../common/save-file.ts';
import { usePages } from './use-pages.ts';
import { VirtualRows } from './virtual-rows.tsx';
import type { RowsHandle } from './virtual-rows.tsx';

const PER_ROW = 16;
/** Characters of a whole row of pairs: two and a space for each, and one more in the middle. */
const HEX_WIDTH = PER_ROW * 3 + 1;
const ROWS_PER_PAGE = 256;
const PAGE = PER_ROW * ROWS_PER_PAGE;

interface HexViewProps {
  readonly bytes: ReadableBytes;
  /** Where the host finds them; absent for bytes that are here. */
  readonly source?: BodySource | undefined;
  readonly onFinder: (finder: Finder) => void;
}

/** Bytes in hexadecimal and as the characters that they would be in ASCII, read where they are in sight. */
export function HexView({ bytes, source, onFinder }: HexViewProps): ReactElement {
  const { api } = useInspector();
  const rows = useRef<RowsHandle>(null);
  const [match, setMatch] = useState<{ readonly offset: number; readonly length: number }>();
  const load = useCallback((page: number) => bytes.read(page * PAGE, PAGE), [bytes]);
  const pages = usePages(load);
  const { want } = pages;
  const onSight = useCallback(
    (first: number, end: number) => want(Math.floor(first / ROWS_PER_PAGE), Math.ceil(end / ROWS_PER_PAGE)),
    [want],
  );

  useEffect(() => {
    const show = ({ offset, length }: Pick<ByteMatch, 'offset' | 'length'>): void => {
      setMatch({ offset, length });
      rows.current?.show(Math.floor(offset / PER_ROW));
    };
    onFinder(source === undefined ? localFinder(bytes, show) : hostFinder(api, source, show));
  }, [api, bytes, source, onFinder]);

  const t = useT();
  // No more than are needed: the characters at the end of the row are to be in sight beside the list.
  const digits = Math.max(4, Math.max(0, bytes.length - 1).toString(16).length);
  const drawRow = (row: number): ReactElement => {
    const page = pages.at(Math.floor(row / ROWS_PER_PAGE));
    const start = (row % ROWS_PER_PAGE) * PER_ROW;
    const shown = page?.subarray(start, start + PER_ROW);
    return <HexRow key={row} offset={row * PER_ROW} digits={digits} bytes={shown} match={match} />;
  };
  return (
    <>
      <VirtualRows
        handle={rows}
        className="code-rows"
        label={t('body.inHex')}
        count={Math.ceil(bytes.length / PER_ROW)}
        drawRow={drawRow}
        onSight={onSight}
      />
      {pages.error !== undefined && <p className="section-note">{pages.error}</p>}
    </>
  );
}

interface HexRowProps {
  readonly offset: number;
  /** Of the offset. */
  readonly digits: number;
  /** Undefined while they are read. */
  readonly bytes: Uint8Array | undefined;
  readonly match: { readonly offset: number; readonly length: number } | undefined;
}

function HexRow({ offset, digits, bytes, match }: HexRowProps): ReactElement {
  const row = bytes === undefined ? [] : [...bytes];
  // Each pair with what follows it, so that all rows are equally long, whether a match is marked in them or not.
  const pairs = row.map((byte, place) => [byte.toString(16).padStart(2, '0'), place === 7 ? '  ' : ' '] as const);
  const hex = pairs.map((pair) => pair.join('')).join('');
  const marked = (place: number): boolean =>
    match !== undefined && offset + place >= match.offset && offset + place < match.offset + match.length;
  return (
    <div className="code-line">
      <span className="code-punctuation">{`${offset.toString(16).padStart(digits, '0')}  `}</span>
      <span>
        {row.some((_, place) => marked(place))
          ? pairs.map(([pair, space], place) => (
              <span key={place}>
                {marked(place) ? <mark>{pair}</mark> : pair}
                {space}
              </span>
            ))
          : hex}
        {' '.repeat(HEX_WIDTH - hex.length)}
      </span>
      <span className="code-string hex-text">
        {row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join('')}
      </span>
    </div>
  );
}

function localFinder(
  bytes: ReadableBytes,
  show: (match: { readonly offset: number; readonly length: number }) => void,
): Finder {
  let length = 0;
  let text: Promise<string> | undefined;
  const whole = async (): Promise<string> => {
    const answer = await bytes.read(0, bytes.length);
    return answer.ok ? Array.from(answer.value, (byte) => String.fromCharCode(byte)).join('') : '';
  };
  let content = '';
  const inner = listFinder(
    ({ text: sought, matchCase }) => {
      const needle = Array.from(new TextEncoder().encode(sought), (byte) => String.fromCharCode(byte)).join('');
      length = needle.length;
      return placesOf(content, needle, matchCase);
    },
    (offset) => show({ offset, length }),
  );
  return {
    async search(sought, signal) {
      content = await (text ??= whole());
      return inner.search(sought, signal);
    },
    step: (direction, signal) => inner.step(direction, signal),
  };
}
