import { ArrowDown, ArrowUp, Copy, Pencil, Trash2 } from 'lucide-react';
import { Switch } from 'radix-ui';
import { useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import type { Rule } from '../../../shared/rules.ts';
import { visibleText } from '../../format/visible-text.ts';
import { ItemButton } from '../common/item-button.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { changeRules, duplicateRule, rulesOf } from './rule-list.ts';
import { ruleWords } from './rule-words.ts';

interface RuleItemProps {
  readonly rule: Rule;
  readonly place: number;
  readonly last: boolean;
  /** Somebody wants to see this one. */
  readonly shown: boolean;
  /** A rule is being edited, which must not lose its place. */
  readonly locked: boolean;
  /** The button that the keyboard is to come back to. */
  readonly returning: ItemPart | undefined;
  readonly onEdit: () => void;
  readonly onMove: (step: -1 | 1) => void;
  readonly onDelete: () => void;
}

/** A button of an item that takes the item elsewhere, and the keyboard with it. */
export type ItemPart = 'up' | 'down' | 'delete';

/** One rule of the list: what it is about, what it does, and what can be done with it. */
export function RuleItem({
  rule,
  place,
  last,
  shown,
  locked,
  returning,
  onEdit,
  onMove,
  onDelete,
}: RuleItemProps): ReactElement {
  const t = useT();
  const inspector = useInspector();
  const item = useRef<HTMLLIElement>(null);
  const name = visibleText(rule.name);

  useEffect(() => {
    if (!shown) return;
    item.current?.scrollIntoView({ block: 'nearest' });
    item.current?.querySelector<HTMLElement>('[data-part=edit]')?.focus();
    inspector.ui.setState({ shownRule: null });
  }, [shown, inspector]);

  useEffect(() => {
    if (returning === undefined) return;
    const button = item.current?.querySelector<HTMLElement>(`[data-part=${returning}]:not(:disabled)`);
    (button ?? item.current?.querySelector<HTMLElement>('[data-part=edit]'))?.focus();
  }, [returning]);

  const turn = (on: boolean): void => {
    void changeRules(inspector, rulesOf(inspector).with(place, { ...rule, on }));
  };
  return (
    <li ref={item} className="rule-item" data-on={rule.on} data-does={rule.action.type}>
      <Switch.Root
        className="switch"
        checked={rule.on}
        aria-label={t('rules.on', { name })}
        disabled={locked}
        onCheckedChange={turn}
      >
        <Switch.Thumb className="switch-thumb" />
      </Switch.Root>
      <span className="rule-text">
        <strong>
          <RawText text={rule.name} limit={80} />
        </strong>
        {rule.when.trim() === '' ? (
          <span className="section-note">{t('rules.everything')}</span>
        ) : (
          <code>
            <RawText text={rule.when} limit={300} />
          </code>
        )}
        <span className="rule-does">
          <RawText text={ruleWords(t, rule.action)} limit={400} />
        </span>
      </span>
      <span className="rule-buttons">
        <ItemButton
          label={t('rules.moveUp', { name })}
          disabled={locked || place === 0}
          part="up"
          onClick={() => onMove(-1)}
        >
          <ArrowUp className="icon icon-small" />
        </ItemButton>
        <ItemButton
          label={t('rules.moveDown', { name })}
          disabled={locked || last}
          part="down"
          onClick={() => onMove(1)}
        >
          <ArrowDown className="icon icon-small" />
        </ItemButton>
        <ItemButton
          label={t('rules.copy', { name })}
          disabled={locked}
          onClick={() => void duplicateRule(inspector, place)}
        >
          <Copy className="icon icon-small" />
        </ItemButton>
        <ItemButton label={t('rules.edit', { name })} disabled={locked} part="edit" onClick={onEdit}>
          <Pencil className="icon icon-small" />
        </ItemButton>
        <ItemButton label={t('rules.delete', { name })} disabled={locked} part="delete" onClick={onDelete}>
          <Trash2 className="icon icon-small" />
        </ItemButton>
      </span>
    </li>
  );
}
