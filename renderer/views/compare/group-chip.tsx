import { GitCompareArrows, X } from 'lucide-react';
import type { ReactElement } from 'react';
import { keysOf } from '../../commands/key-combination.ts';
import { runCommand } from '../../commands/run-command.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';

/** How many exchanges are collected to be compared; opens the comparison, or forgets them. Nothing while there is none. */
export function GroupChip(): ReactElement | null {
  const t = useT();
  const inspector = useInspector();
  const count = useUi((state) => state.compareGroup.length);
  if (count === 0) return null;
  return (
    <div className="group-chip" role="group" aria-label={t('compare.group')}>
      <Hint
        text={count < 2 ? t('compare.oneMore', { keys: keysOf('list.collect') ?? '' }) : t('compare.openGroup')}
        keys={keysOf('list.compareGroup')}
      >
        <button
          type="button"
          className="group-chip-open"
          // Not disabled: its hint says what is missing.
          aria-disabled={count < 2}
          aria-label={t('compare.collected', { count })}
          onClick={() => void runCommand('list.compareGroup', { inspector, target: null })}
        >
          <GitCompareArrows className="icon icon-small" />
          {count}
        </button>
      </Hint>
      <Hint text={t('compare.forgetGroup')}>
        <button
          type="button"
          className="group-chip-clear"
          aria-label={t('compare.forgetGroup')}
          onClick={() => inspector.ui.setState({ compareGroup: [] })}
        >
          <X className="icon icon-small" />
        </button>
      </Hint>
    </div>
  );
}
