import type { ReactElement, ReactNode } from 'react';
import { Hint } from './hint.tsx';
import './rule-items.css';

interface ItemButtonProps {
  /** Names what it is done with as well. */
  readonly label: string;
  readonly disabled: boolean;
  /** By which the keyboard comes back to it. */
  readonly part?: string;
  readonly onClick: () => void;
  /** An icon. */
  readonly children: ReactNode;
}

/** Something that can be done with a rule of a list. */
export function ItemButton({ label, disabled, part, onClick, children }: ItemButtonProps): ReactElement {
  return (
    <Hint text={label}>
      <button
        type="button"
        className="icon-button"
        data-part={part}
        aria-label={label}
        disabled={disabled}
        onClick={onClick}
      >
        {children}
      </button>
    </Hint>
  );
}
