import { Bookmark, ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactElement } from 'react';
import { invertFilter } from '../../../shared/filter/edit-filter.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { toggleSaved } from './remembered-filters.ts';

/** Saved and recent filters, and the opposite of the one in force. */
export function FilterMenu(): ReactElement {
  const { ui } = useInspector();
  const t = useT();
  const filter = useUi((state) => state.filter.trim());
  const saved = useUi((state) => state.savedFilters);
  const recent = useUi((state) => state.recentFilters).filter((text) => !saved.includes(text) && text !== filter);
  return (
    <DropdownMenu.Root modal={false}>
      <Hint text={t('filterBar.menuHint')}>
        <DropdownMenu.Trigger className="icon-button filter-menu-button" aria-label={t('filterBar.menu')}>
          <Bookmark className="icon icon-small" />
          <ChevronDown className="icon icon-small" />
        </DropdownMenu.Trigger>
      </Hint>
      <DropdownMenu.Content className="floating menu filter-menu" align="start" sideOffset={6} collisionPadding={8}>
        <Item disabled={filter === ''} onSelect={() => ui.setState({ filter: invertFilter(filter) })}>
          {t('filterBar.opposite')}
        </Item>
        <Item disabled={filter === ''} onSelect={() => toggleSaved(ui)}>
          {t(saved.includes(filter) && filter !== '' ? 'filterBar.forget' : 'filterBar.save')}
        </Item>
        <Group title={t('filterBar.saved')} filters={saved} />
        <Group title={t('filterBar.recent')} filters={recent} />
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

interface ItemProps {
  readonly disabled: boolean;
  readonly onSelect: () => void;
  readonly children: string;
}

function Item({ disabled, onSelect, children }: ItemProps): ReactElement {
  return (
    <DropdownMenu.Item className="menu-item" disabled={disabled} onSelect={onSelect}>
      {children}
    </DropdownMenu.Item>
  );
}

function Group({
  title,
  filters,
}: {
  readonly title: string;
  readonly filters: readonly string[];
}): ReactElement | null {
  const { ui } = useInspector();
  if (filters.length === 0) return null;
  return (
    <>
      <DropdownMenu.Separator className="menu-separator" />
      <DropdownMenu.Label className="menu-label">{title}</DropdownMenu.Label>
      {filters.map((text) => (
        <DropdownMenu.Item key={text} className="menu-item" onSelect={() => ui.setState({ filter: text })}>
          <code className="filter-menu-text">{text}</code>
        </DropdownMenu.Item>
      ))}
    </>
  );
}
