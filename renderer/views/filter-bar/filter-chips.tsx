import { X } from 'lucide-react';
import { useMemo } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { filterParts, negatePart, removePart } from '../../../shared/filter/edit-filter.ts';
import type { FilterPart } from '../../../shared/filter/edit-filter.ts';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { focusFilter } from './focus-filter.ts';

/** A chip for each part of the filter: pressing it asks for the opposite, Delete takes the part away. */
export function FilterChips(): ReactElement | null {
  const t = useT();
  const filter = useUi((state) => state.filter);
  const parts = useMemo(() => filterParts(filter), [filter]);
  if (parts.length === 0) return null;
  return (
    <div className="filter-chips" role="group" aria-label={t('filterBar.parts')}>
      {parts.map((part, place) => (
        // What stands at a place is another part after a change, and keeps the keyboard.
        <Chip key={place} part={part} />
      ))}
    </div>
  );
}

function Chip({ part }: { readonly part: FilterPart }): ReactElement {
  const { ui } = useInspector();
  const t = useT();
  const remove = (): void => {
    ui.setState(({ filter }) => ({ filter: removePart(filter, part) }));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>): void => {
    const chip = event.currentTarget.parentElement;
    const step = event.key === 'ArrowLeft' ? 'previousElementSibling' : 'nextElementSibling';
    if (event.key === 'Delete' || event.key === 'Backspace') {
      // What follows moves to this chip's place; the last one goes with its chip.
      const heir = chip?.nextElementSibling ? chip : chip?.previousElementSibling;
      remove();
      if (heir) heir.querySelector('button')?.focus();
      else focusFilter();
    } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') chip?.[step]?.querySelector('button')?.focus();
    else if (event.key === '-' || event.key === '!')
      ui.setState(({ filter }) => ({ filter: negatePart(filter, part) }));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span className="filter-chip" data-negated={part.negated}>
      <button
        type="button"
        className="filter-chip-text"
        title={t('filterBar.negate')}
        aria-description={t('filterBar.chipKeys')}
        onKeyDown={onKeyDown}
        onClick={() => ui.setState(({ filter }) => ({ filter: negatePart(filter, part) }))}
      >
        <code>{part.text}</code>
      </button>
      <button
        type="button"
        className="filter-chip-remove"
        tabIndex={-1}
        aria-label={t('filterBar.removePart', { part: part.text })}
        onClick={remove}
      >
        <X className="icon icon-small" />
      </button>
    </span>
  );
}
