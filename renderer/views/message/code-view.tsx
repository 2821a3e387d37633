import { useEffect, useRef, useState } from 'react';
import type { ReactElement, RefObject } from 'react';
import type { CodeLine, CodeLines } from './code-lines.ts';

const LINE_HEIGHT = 18;
const OVERSCAN = 20;

interface CodeViewProps {
  readonly label: string;
  /** The lines for a width of `columns` characters; asked again when the width changes. */
  readonly linesFor: (columns: number) => CodeLines;
  /** Digits of the widest line number; 0 for no numbers. */
  readonly numberDigits: number;
}

/** Lines of captured text in a monospaced font. Only those in sight are in the document. */
export function CodeView({ label, linesFor, numberDigits }: CodeViewProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const columns = useColumns(frame, numberDigits);
  return (
    <div
      ref={frame}
      className="code"
      role="group"
      aria-label={label}
      tabIndex={0}
      data-numbered={numberDigits > 0}
      style={{ '--digits': numberDigits }}
    >
      <span className="code-ruler" aria-hidden="true">
        {'0'.repeat(50)}
      </span>
      {columns !== undefined && <Lines frame={frame} lines={linesFor(columns)} />}
    </div>
  );
}

function Lines({ frame, lines }: { frame: RefObject<HTMLDivElement | null>; lines: CodeLines }): ReactElement {
  const { first, end } = useLinesInSight(frame, lines.count);
  const shown: ReactElement[] = [];
  for (let index = first; index < Math.min(end, lines.count); index++) {
    shown.push(<Line key={index} line={lines.at(index)} />);
  }
  return (
    <div className="code-lines" style={{ height: lines.count * LINE_HEIGHT }}>
      <div style={{ transform: `translateY(${first * LINE_HEIGHT}px)` }}>{shown}</div>
    </div>
  );
}

function Line({ line }: { readonly line: CodeLine }): ReactElement {
  return (
    <div className="code-line">
      <span className="code-gutter" aria-hidden="true">
        {line.number}
      </span>
      <bdi className="code-text">
        {line.tokens.map(({ kind, text }, index) => (
          <span key={index} className={kind === 'escape' ? 'raw-escape' : `code-${kind}`}>
            {text}
          </span>
        ))}
      </bdi>
    </div>
  );
}

/** How many characters fit on a line; `undefined` until measured. */
function useColumns(frame: RefObject<HTMLDivElement | null>, numberDigits: number): number | undefined {
  const [columns, setColumns] = useState<number>();
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      const ruler = element.querySelector('.code-ruler')?.getBoundingClientRect().width ?? 0;
      const character = ruler > 0 ? ruler / 50 : 7;
      const gutter = numberDigits === 0 ? 0 : numberDigits + 2;
      // Padding on both sides takes about three characters.
      setColumns(Math.max(20, Math.floor(element.clientWidth / character) - gutter - 3));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, numberDigits]);
  return columns;
}

/** The lines that the surrounding scroller shows. */
function useLinesInSight(frame: RefObject<HTMLDivElement | null>, count: number): { first: number; end: number } {
  const [range, setRange] = useState({ first: 0, end: 60 });
  useEffect(() => {
    const scroller = frame.current?.closest('.details-scroll');
    if (scroller === null || scroller === undefined) return;
    const update = (): void => {
      const top = frame.current?.querySelector('.code-lines')?.getBoundingClientRect().top ?? 0;
      const box = scroller.getBoundingClientRect();
      const first = Math.max(0, Math.floor((box.top - top) / LINE_HEIGHT) - OVERSCAN);
      const end = Math.min(count, Math.ceil((box.bottom - top) / LINE_HEIGHT) + OVERSCAN);
      setRange((before) =>
        before.first === first && before.end === end ? before : { first, end: Math.max(first, end) },
      );
    };
    const observer = new ResizeObserver(update);
    observer.observe(scroller);
    scroller.addEventListener('scroll', update, { passive: true });
    update();
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', update);
    };
  }, [frame, count]);
  return range;
}
