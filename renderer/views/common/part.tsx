import { RotateCw, TriangleAlert } from 'lucide-react';
import { Component, Suspense } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { notify } from '../../store/session-store.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import { EmptyState } from './empty-state.tsx';
import { RawText } from './raw-text.tsx';

interface PartProps {
  /** What stands here while the part is loaded. */
  readonly waiting?: ReactNode;
  /** It lies over the window: where it fails there is no place to say so but a notice. */
  readonly floating?: boolean;
  readonly children: ReactNode;
}

/** A part of the window that is loaded when it is wanted. Where it cannot be, or fails, the others stay. */
export function Part({ waiting = null, floating = false, children }: PartProps): ReactElement {
  const { session } = useInspector();
  const t = useT();
  const tell = (): void => {
    notify(session, 'error', t('common.partFailed'), { label: t('common.reload'), run: reload });
  };
  return (
    <Boundary
      instead={floating ? () => null : (error) => <PartFailed error={error} />}
      failed={floating ? tell : nothing}
    >
      <Suspense fallback={waiting}>{children}</Suspense>
    </Boundary>
  );
}

function reload(): void {
  window.location.reload();
}

function nothing(): void {
  // What stands instead of the part says it.
}

function PartFailed({ error }: { readonly error: unknown }): ReactElement {
  const t = useT();
  return (
    <EmptyState icon={<TriangleAlert className="icon" />} title={t('common.partFailed')}>
      <p>{t('common.partFailedNote')}</p>
      <p className="section-note">
        <RawText text={String(error)} limit={500} />
      </p>
      <button type="button" className="button" data-kind="primary" onClick={reload}>
        <RotateCw className="icon icon-small" />
        {t('common.reload')}
      </button>
    </EmptyState>
  );
}

interface BoundaryProps {
  readonly instead: (error: unknown) => ReactNode;
  readonly failed: () => void;
  readonly children: ReactNode;
}

/** React tells of errors below a component only to classes. */
class Boundary extends Component<BoundaryProps, { readonly failure?: { readonly error: unknown } }> {
  override state: { readonly failure?: { readonly error: unknown } } = {};

  static getDerivedStateFromError(error: unknown): { failure: { error: unknown } } {
    return { failure: { error } };
  }

  override componentDidCatch(): void {
    this.props.failed();
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure === undefined ? this.props.children : this.props.instead(failure.error);
  }
}
