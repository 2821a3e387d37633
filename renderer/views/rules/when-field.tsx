import { useId, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import { compileFilter, needsDetail, YES } from '../../../shared/filter/compile-filter.ts';
import type { FilterProblem } from '../../../shared/filter/filter-problem.ts';
import { parseRequestFilter } from '../../../shared/filter/request-filter.ts';
import type { RuleActionType } from '../../../shared/rule-actions.ts';
import { appliesTo } from '../../../shared/rule-kinds.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import type { TraceIndex } from '../../store/trace-index.ts';

/** Requests that a filter is tried on: enough to see what it means. */
const TRIED = 1_000;

interface WhenFieldProps {
  readonly value: string;
  /** What the rule does. */
  readonly does: RuleActionType;
  /** Somebody wanted to save it as it is, and could not. */
  readonly refused: boolean;
  readonly onChange: (value: string) => void;
}

/** The filter of a rule: where it is wrong, or how many of the newest requests it fits. */
export function WhenField({ value, does, refused, onChange }: WhenFieldProps): ReactElement {
  const t = useT();
  const { index } = useInspector();
  const id = useId();
  const [typing, setTyping] = useState(false);
  const { problem, fitting } = useMemo(() => tried(index, value, does), [index, value, does]);
  // What is unfinished is no mistake until it is left so.
  const shown = problem !== undefined && (refused || !typing || problem.code !== 'INCOMPLETE') ? problem : undefined;
  return (
    <div className="rule-row">
      <label htmlFor={id}>{t('rules.when')}</label>
      <div className="rule-control">
        <input
          id={id}
          className="field rule-when"
          autoComplete="off"
          spellCheck={false}
          maxLength={10_000}
          placeholder="host:example.com"
          value={value}
          aria-invalid={shown !== undefined}
          aria-describedby={`${id}-more`}
          onChange={({ target }) => onChange(target.value)}
          onFocus={() => setTyping(true)}
          onBlur={() => setTyping(false)}
        />
        {shown === undefined ? (
          <p id={`${id}-more`} className="section-note">
            {t('rules.whenNote')}{' '}
            {fitting !== undefined && (
              <span role="status">
                {t('rules.fits', fitting)} {fitting.others > 0 && t('rules.fitsOthers', { count: fitting.others })}
              </span>
            )}
          </p>
        ) : (
          <Problem id={`${id}-more`} text={value} problem={shown} />
        )}
      </div>
    </div>
  );
}

interface ProblemProps {
  readonly id: string;
  readonly text: string;
  readonly problem: FilterProblem;
}

/** The text with its mistake marked, and what is wrong. */
function Problem({ id, text, problem }: ProblemProps): ReactElement {
  const t = useT();
  const { from, to, message } = problem;
  return (
    <p id={id} className="field-error" role="alert">
      <code className="rule-when-problem" aria-hidden="true">
        {text.slice(Math.max(0, from - 40), from)}
        <mark>{text.slice(from, Math.max(to, from + 1)) || ' '}</mark>
        {text.slice(to, to + 40)}
      </code>
      {t.said(message)}
    </p>
  );
}

interface Trial {
  readonly problem?: FilterProblem;
  readonly fitting?: {
    readonly fitting: number;
    readonly seen: number;
    /** Those that fit as well, but are of a kind that the rule does nothing with. */
    readonly others: number;
  };
}

/** Tries a filter on the newest rows; not where only their heads could tell. */
function tried(index: TraceIndex, text: string, does: RuleActionType): Trial {
  const parsed = parseRequestFilter(text);
  if (!parsed.ok) return { problem: parsed.problem };
  const { node } = parsed;
  if (node === undefined || needsDetail(node)) return {};
  const test = compileFilter(node);
  let [fitting, seen, others] = [0, 0, 0];
  for (let id = index.highestId; id > 0 && id > index.highestId - TRIED; id--) {
    const row = index.get(id);
    if (row === undefined) continue;
    seen++;
    if (test(row) !== YES) continue;
    if (appliesTo(does, row.kind)) fitting++;
    else others++;
  }
  return seen === 0 ? {} : { fitting: { fitting, seen, others } };
}
