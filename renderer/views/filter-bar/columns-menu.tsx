import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactElement } from 'react';
import { Hint } from '../common/hint.tsx';
import { useInspector, useUi } from '../inspector-context.tsx';
import { COLUMNS } from '../request-list/columns.ts';

/** Chooses the list's columns. The path always stays. */
export function ColumnsMenu({ icon }: { readonly icon: ReactElement }): ReactElement {
  const { ui } = useInspector();
  const hidden = useUi((state) => state.hiddenColumns);

  const show = (id: string, visible: boolean): void => {
    ui.setState(({ hiddenColumns }) => {
      const others = hiddenColumns.filter((other) => other !== id);
      return { hiddenColumns: visible ? others : [...others, id] };
    });
  };

  return (
    <DropdownMenu.Root modal={false}>
      <Hint text="Columns">
        <DropdownMenu.Trigger className="icon-button" aria-label="Columns">
          {icon}
        </DropdownMenu.Trigger>
      </Hint>
      <DropdownMenu.Content className="floating menu" align="end" sideOffset={6} collisionPadding={8}>
        {COLUMNS.filter(({ id }) => id !== 'path').map(({ id, title }) => (
          <DropdownMenu.CheckboxItem
            key={id}
            className="menu-item"
            checked={!hidden.includes(id)}
            onCheckedChange={(checked) => show(id, checked)}
            onSelect={(event) => event.preventDefault()}
          >
            <span className="menu-check">
              <DropdownMenu.ItemIndicator>
                <Check className="icon icon-small" />
              </DropdownMenu.ItemIndicator>
            </span>
            {title === '#' ? '# (number)' : title}
          </DropdownMenu.CheckboxItem>
        ))}
        <DropdownMenu.Separator className="menu-separator" />
        <DropdownMenu.Item className="menu-item" onSelect={() => ui.setState({ hiddenColumns: [], columnWidths: {} })}>
          <span className="menu-check" />
          Reset columns
        </DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
