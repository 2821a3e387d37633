import { ChevronDown, Trash2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactElement } from 'react';
import type { CommandId } from '../../../shared/commands.ts';
import { keysOf } from '../../commands/key-combination.ts';
import { isEnabled, runCommand } from '../../commands/run-command.ts';
import { formatCount } from '../../format/units.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useT, useTrace } from '../inspector-context.tsx';

/** Clears the list at once, and beside it the choice of what else could go. */
export function ClearButtons(): ReactElement {
  const t = useT();
  const { clearSession } = useInspector();
  const empty = useTrace((state) => state.counts.total === 0);
  return (
    <div className="split-button">
      <Hint text={t('topBar.clear')} keys={keysOf('recording.clear')}>
        <button
          type="button"
          className="icon-button"
          aria-label={t('topBar.clear')}
          disabled={empty}
          onClick={() => void clearSession()}
        >
          <Trash2 className="icon" />
        </button>
      </Hint>
      {/* Not modal: a modal menu locks scrolling with an inline style sheet, which the page's policy forbids. */}
      <DropdownMenu.Root modal={false}>
        <Hint text={t('topBar.clearMore')}>
          <DropdownMenu.Trigger className="icon-button" aria-label={t('topBar.clearMore')} disabled={empty}>
            <ChevronDown className="icon icon-small" />
          </DropdownMenu.Trigger>
        </Hint>
        <DropdownMenu.Content className="floating menu" align="end" sideOffset={6} collisionPadding={8}>
          <ClearItems />
        </DropdownMenu.Content>
      </DropdownMenu.Root>
    </div>
  );
}

function ClearItems(): ReactElement {
  const t = useT();
  const shown = useTrace((state) => state.shown);
  const total = useTrace((state) => state.counts.total);
  return (
    <>
      <DropdownMenu.Label className="menu-label">{t('topBar.clearNote')}</DropdownMenu.Label>
      <Item id="recording.clear" text={t('topBar.clearAll')} />
      <Item id="recording.clearListed" text={t('topBar.clearListed')} count={shown} />
      <Item id="recording.clearHidden" text={t('topBar.clearHidden')} count={total - shown} />
      <Item id="recording.clearUnmarked" text={t('topBar.clearUnmarked')} />
    </>
  );
}

interface ItemProps {
  readonly id: CommandId;
  readonly text: string;
  readonly count?: number;
}

function Item({ id, text, count }: ItemProps): ReactElement {
  const context = { inspector: useInspector(), target: null };
  const keys = keysOf(id);
  return (
    <DropdownMenu.Item
      className="menu-item"
      disabled={!isEnabled(id, context)}
      onSelect={() => void runCommand(id, context)}
    >
      {text}
      {count !== undefined && <span className="menu-keys menu-count">{formatCount(count)}</span>}
      {keys !== undefined && <kbd className="kbd menu-keys">{keys}</kbd>}
    </DropdownMenu.Item>
  );
}
