import type { ReactElement, ReactNode } from 'react';
import './empty-state.css';

interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  /** What can be done next. */
  readonly children?: ReactNode;
}

/** Says why there is nothing here, and the next step. */
export function EmptyState({ icon, title, children }: EmptyStateProps): ReactElement {
  return (
    <div className="empty-state">
      <div className="empty-state-icon" aria-hidden="true">
        {icon}
      </div>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
