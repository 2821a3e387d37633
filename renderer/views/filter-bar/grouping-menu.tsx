import { Check, ListTree } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactElement } from 'react';
import type { PlainKey } from '../../i18n/translate.ts';
import { GROUPINGS } from '../../store/ui-store.ts';
import type { Grouping } from '../../store/ui-store.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';

const WORDS: Readonly<Record<Grouping, PlainKey>> = { none: 'list.flat', host: 'list.byHost', path: 'list.byFolder' };

/** Arranges the list flat or under groups, and opens or closes all of these. */
export function GroupingMenu(): ReactElement {
  const { ui, lines } = useInspector();
  const t = useT();
  const grouping = useUi((state) => state.grouping);
  return (
    <DropdownMenu.Root modal={false}>
      <Hint text={t('list.grouping')}>
        <DropdownMenu.Trigger
          className="icon-button"
          aria-label={t('list.grouping')}
          data-active={grouping === 'none' ? undefined : true}
        >
          <ListTree className="icon" />
        </DropdownMenu.Trigger>
      </Hint>
      <DropdownMenu.Content className="floating menu" align="end" sideOffset={6} collisionPadding={8}>
        <DropdownMenu.RadioGroup
          value={grouping}
          onValueChange={(value) => ui.setState({ grouping: value as Grouping })}
        >
          {GROUPINGS.map((one) => (
            <DropdownMenu.RadioItem key={one} className="menu-item" value={one}>
              <span className="menu-check">
                <DropdownMenu.ItemIndicator>
                  <Check className="icon icon-small" />
                </DropdownMenu.ItemIndicator>
              </span>
              {t(WORDS[one])}
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
        <DropdownMenu.Separator className="menu-separator" />
        {([true, false] as const).map((open) => (
          <DropdownMenu.Item
            key={String(open)}
            className="menu-item"
            disabled={grouping === 'none'}
            onSelect={() => lines.setAllOpen(open)}
          >
            <span className="menu-check" />
            {t(open ? 'list.openAll' : 'list.closeAll')}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
