import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { ARRIVAL } from '../../store/query/sort-key.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { columnName } from '../request-list/column-words.ts';
import { COLUMNS, moveColumn, toggleColumn, USUAL_COLUMNS } from '../request-list/columns.ts';
import type { Column } from '../request-list/column.ts';
import { fieldColumn } from '../request-list/field-columns.ts';
import { HeaderColumnDialog } from './header-column-dialog.tsx';

/** Chooses the list's columns, and what it is sorted by. The path always stays. */
export function ColumnsMenu({ icon }: { readonly icon: ReactElement }): ReactElement {
  const { ui } = useInspector();
  const t = useT();
  const shown = useUi((state) => state.shownColumns) ?? USUAL_COLUMNS;

  const overview = useUi((state) => state.overviewShown);
  const [adding, setAdding] = useState(false);

  const show = (id: string, visible: boolean): void => {
    ui.setState(({ shownColumns }) => ({ shownColumns: toggleColumn(shownColumns ?? USUAL_COLUMNS, id, visible) }));
  };

  /** The keyboard's way to move a column; the mouse drags its title. */
  const move = (event: KeyboardEvent, id: string): void => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    const target = shown[shown.indexOf(id) + step];
    if (!event.altKey || step === 0 || target === undefined) return;
    event.preventDefault();
    ui.setState({ shownColumns: moveColumn(shown, id, target) });
  };

  return (
    <>
      <DropdownMenu.Root modal={false}>
        <Hint text={t('filterBar.columns')}>
          <DropdownMenu.Trigger className="icon-button" aria-label={t('filterBar.columns')}>
            {icon}
          </DropdownMenu.Trigger>
        </Hint>
        <DropdownMenu.Content className="floating menu columns-menu" align="end" sideOffset={6} collisionPadding={8}>
          {inShownOrder(shown).map((column) => (
            <DropdownMenu.CheckboxItem
              key={column.id}
              className="menu-item"
              checked={shown.includes(column.id)}
              onKeyDown={(event) => move(event, column.id)}
              onCheckedChange={(checked) => show(column.id, checked)}
              onSelect={(event) => event.preventDefault()}
            >
              <span className="menu-check">
                <DropdownMenu.ItemIndicator>
                  <Check className="icon icon-small" />
                </DropdownMenu.ItemIndicator>
              </span>
              {columnName(t, column)}
            </DropdownMenu.CheckboxItem>
          ))}
          <DropdownMenu.Separator className="menu-separator" />
          <DropdownMenu.Item className="menu-item" onSelect={() => setAdding(true)}>
            <span className="menu-check" />
            {t('filterBar.addHeader')}
          </DropdownMenu.Item>
          <DropdownMenu.CheckboxItem
            className="menu-item"
            checked={overview}
            onCheckedChange={(checked) => ui.setState({ overviewShown: checked })}
          >
            <span className="menu-check">
              <DropdownMenu.ItemIndicator>
                <Check className="icon icon-small" />
              </DropdownMenu.ItemIndicator>
            </span>
            {t('filterBar.overview')}
          </DropdownMenu.CheckboxItem>
          <DropdownMenu.Item
            className="menu-item"
            onSelect={() => ui.setState({ shownColumns: null, columnWidths: {}, sort: ARRIVAL })}
          >
            <span className="menu-check" />
            {t('filterBar.resetColumns')}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      {adding && <HeaderColumnDialog onAdd={(id) => show(id, true)} onClose={() => setAdding(false)} />}
    </>
  );
}

/** What is shown, in its order, and behind it what could be. A field's column is there for as long as it is shown. */
function inShownOrder(shown: readonly string[]): Column[] {
  const fields = shown.flatMap((id) => fieldColumn(id) ?? []);
  const others = [...COLUMNS.filter(({ id }) => id !== 'path'), ...fields];
  const place = (id: string): number => (shown.includes(id) ? shown.indexOf(id) : shown.length);
  return others.toSorted((a, b) => place(a.id) - place(b.id));
}
