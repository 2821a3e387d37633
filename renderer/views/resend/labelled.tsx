import type { ReactElement, ReactNode } from 'react';

interface LabelledProps {
  readonly label: string;
  readonly id: string;
  readonly note?: string;
  readonly error: string | undefined;
  readonly children: ReactNode;
}

/** A control below its label, and below it what is wrong, or what is good to know. */
export function Labelled({ label, id, note, error, children }: LabelledProps): ReactElement {
  return (
    <div className="resend-part">
      <label htmlFor={id}>{label}</label>
      {children}
      <p
        id={`${id}-error`}
        className={error === undefined ? 'section-note' : 'field-error'}
        role={error === undefined ? undefined : 'alert'}
      >
        {error ?? note}
      </p>
    </div>
  );
}
