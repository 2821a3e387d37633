import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactElement } from 'react';
import { visibleText } from '../../format/visible-text.ts';
import { stepInGroup } from '../../store/compare-group.ts';
import { compare } from '../../store/ui-store.ts';
import { Hint } from '../common/hint.tsx';
import { statusWord } from '../common/labels.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';

const LONGEST_LABEL = 80;

interface CompareChoiceProps {
  readonly left: number;
  readonly right: number;
}

/** Which two of the group are compared: each side is chosen, and the right one steps through the group. */
export function CompareChoice({ left, right }: CompareChoiceProps): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const group = useUi((state) => state.compareGroup);
  const step = (by: 1 | -1): void => {
    const next = stepInGroup(group, { shown: right, other: left }, by);
    if (next !== undefined) compare(ui, left, next);
  };
  return (
    <div className="compare-choice" role="group" aria-label={t('compare.choice')}>
      <Side label={t('compare.first')} shown={left} onChoose={(id) => compare(ui, id, id === right ? left : right)} />
      <span aria-hidden="true">–</span>
      <Side label={t('compare.second')} shown={right} onChoose={(id) => compare(ui, id === left ? right : left, id)} />
      <Hint text={t('compare.previous')}>
        <button type="button" className="icon-button" aria-label={t('compare.previous')} onClick={() => step(-1)}>
          <ChevronLeft className="icon" />
        </button>
      </Hint>
      <Hint text={t('compare.next')}>
        <button type="button" className="icon-button" aria-label={t('compare.next')} onClick={() => step(1)}>
          <ChevronRight className="icon" />
        </button>
      </Hint>
    </div>
  );
}

interface SideProps {
  readonly label: string;
  readonly shown: number;
  readonly onChoose: (id: number) => void;
}

/** Choosing what stands at the other side swaps the two. */
function Side({ label, shown, onChoose }: SideProps): ReactElement {
  const t = useT();
  const { index } = useInspector();
  const group = useUi((state) => state.compareGroup);
  const nameOf = (id: number): string => {
    const row = index.get(id);
    return row === undefined ? `#${id}` : `#${id} ${row.method} ${shortened(row.url)} ${statusWord(t, row)}`;
  };
  const choices = group.includes(shown) ? group : [shown, ...group];
  return (
    <select
      className="field"
      aria-label={label}
      value={shown}
      onChange={({ target }) => onChoose(Number(target.value))}
    >
      {choices.map((id) => (
        <option key={id} value={id}>
          {nameOf(id)}
        </option>
      ))}
    </select>
  );
}

/** The end of a URL tells more of it than its beginning. */
function shortened(url: string): string {
  const text = visibleText(url.slice(-LONGEST_LABEL));
  return url.length > LONGEST_LABEL ? `…${text}` : text;
}
