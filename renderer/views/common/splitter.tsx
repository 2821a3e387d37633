import { useRef } from 'react';
import type { KeyboardEvent, PointerEvent, ReactElement } from 'react';
import { clampShare } from '../../store/ui-store.ts';
import './splitter.css';

interface SplitterProps {
  /** `vertical`: a vertical line between left and right. */
  readonly orientation: 'vertical' | 'horizontal';
  /** The share of the second pane, 0 to 1. */
  readonly share: number;
  readonly onChange: (share: number) => void;
  readonly label: string;
}

const KEY_STEP = 0.02;

/** The line between two panes: dragged with the pointer, moved with the arrow keys. */
export function Splitter({ orientation, share, onChange, label }: SplitterProps): ReactElement {
  const line = useRef<HTMLDivElement>(null);

  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const box = line.current?.parentElement?.getBoundingClientRect();
    if (box === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const from =
      orientation === 'vertical' ? (box.right - event.clientX) / box.width : (box.bottom - event.clientY) / box.height;
    onChange(clampShare(from));
  };

  const press = (event: KeyboardEvent): void => {
    const grow = orientation === 'vertical' ? 'ArrowLeft' : 'ArrowUp';
    const shrink = orientation === 'vertical' ? 'ArrowRight' : 'ArrowDown';
    if (event.key !== grow && event.key !== shrink) return;
    event.preventDefault();
    event.stopPropagation();
    onChange(clampShare(share + (event.key === grow ? KEY_STEP : -KEY_STEP)));
  };

  return (
    <div
      ref={line}
      className="splitter"
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={20}
      aria-valuemax={80}
      data-orientation={orientation}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      onKeyDown={press}
    />
  );
}
