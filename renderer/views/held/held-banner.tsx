import { CirclePause } from 'lucide-react';
import type { ReactElement } from 'react';
import { keysOf } from '../../commands/key-combination.ts';
import { useInspector, useT, useTrace } from '../inspector-context.tsx';
import { continueAll, nextPaused } from './held-rows.ts';

/** Says how many requests wait for a person, wherever in the window that person is. */
export function HeldBanner(): ReactElement | null {
  const t = useT();
  const inspector = useInspector();
  const count = useTrace((state) => state.counts.held);
  if (count === 0) return null;
  return (
    <div className="banner" data-tone="warn">
      <CirclePause className="icon" />
      <span>{t('held.paused', { count })}</span>
      <button type="button" className="button" onClick={() => nextPaused(inspector)}>
        {t('held.next')}
        <kbd className="kbd">{keysOf('rules.nextPaused')}</kbd>
      </button>
      <button type="button" className="button" onClick={() => void continueAll(inspector)}>
        {t('held.resumeAll')}
        <kbd className="kbd">{keysOf('rules.continueAll')}</kbd>
      </button>
    </div>
  );
}
