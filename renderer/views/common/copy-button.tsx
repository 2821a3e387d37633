import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { notify } from '../../store/session-store.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import { Hint } from './hint.tsx';

const SHOWN_MS = 1400;

interface CopyButtonProps {
  /** The text, or how to make it when it is expensive. */
  readonly text: string | (() => string);
  /** What is copied, as in `Copy the proxy address`. */
  readonly label: string;
  readonly size?: 'small';
  readonly children?: ReactNode;
}

/** Copies text and says so, to the eye and to a screen reader. */
export function CopyButton({ text, label, size, children }: CopyButtonProps): ReactElement {
  const t = useT();
  const { session } = useInspector();
  const [copied, setCopied] = useState(0);

  useEffect(() => {
    if (copied === 0) return;
    const timer = setTimeout(() => setCopied(0), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = (): void => {
    navigator.clipboard.writeText(typeof text === 'string' ? text : text()).then(
      () => setCopied((times) => times + 1),
      (error: unknown) => {
        const text =
          error instanceof Error ? t('common.copyFailedWhy', { reason: error.message }) : t('common.copyFailed');
        notify(session, 'error', text);
      },
    );
  };

  const icon = copied > 0 ? <Check className="icon icon-small" /> : <Copy className="icon icon-small" />;
  return (
    <Hint text={copied > 0 ? t('common.copied') : label}>
      <button
        type="button"
        className={children === undefined ? 'icon-button' : 'button'}
        data-size={size}
        data-copied={copied > 0}
        aria-label={label}
        onClick={copy}
      >
        {icon}
        {children}
        <span className="visually-hidden" role="status">
          {copied > 0 ? t('common.copied') : ''}
        </span>
      </button>
    </Hint>
  );
}
