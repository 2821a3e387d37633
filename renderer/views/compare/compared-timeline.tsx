import { useMemo } from 'react';
import type { ReactElement } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { formatDuration } from '../../format/units.ts';
import { RawText } from '../common/raw-text.tsx';
import { useT } from '../inspector-context.tsx';
import { phaseColour } from '../timeline/phases.ts';
import { comparedLength, comparedPhases } from './compared-phases.ts';
import type { ComparedPhase, PhaseSide } from './compared-phases.ts';

interface ComparedTimelineProps {
  readonly first: ExchangeView;
  readonly second: ExchangeView;
  /** Engine time, the end of what still runs. */
  readonly now: number;
  readonly onlyDifferences: boolean;
}

/** The phases of two exchanges over each other on one axis, which begins with each of them. */
export function ComparedTimeline({ first, second, now, onlyDifferences }: ComparedTimelineProps): ReactElement {
  const t = useT();
  const phases = useMemo(() => comparedPhases(t, first, second, now), [t, first, second, now]);
  const length = comparedLength(phases);
  const differing = phases.filter(({ differs }) => differs).length;
  const shown = onlyDifferences ? phases.filter(({ name, differs }) => differs || name === undefined) : phases;
  return (
    <div className="section">
      <h3 className="section-title">
        {t('compare.timeline')}
        <span className="section-note" title={t('compare.noted')}>
          {differing === 0 ? t('compare.same') : t('compare.phasesDiffer', { differ: differing, all: phases.length })}
        </span>
      </h3>
      <table className="compare-table compare-phases">
        <thead>
          <tr>
            <th scope="col">{t('compare.phase')}</th>
            <th scope="col">{t('compare.bothOnOneAxis')}</th>
            <th scope="col">#{first.id}</th>
            <th scope="col">#{second.id}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((phase) => (
            <PhaseRow key={phase.name ?? ''} phase={phase} length={length} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PhaseRow({ phase, length }: { readonly phase: ComparedPhase; readonly length: number }): ReactElement {
  const t = useT();
  const { name, left, right, differs } = phase;
  return (
    <tr data-differs={differs}>
      <th scope="row">{name === undefined ? t('compare.total') : <RawText text={name} limit={200} />}</th>
      <td className="compare-plot" aria-hidden="true">
        <Bars side={left} length={length} />
        <Bars side={right} length={length} />
      </td>
      <td>{left === undefined ? '–' : formatDuration(left.time)}</td>
      <td>
        {right === undefined ? '–' : formatDuration(right.time)}
        {left !== undefined && right !== undefined && (
          <span className="compare-change">{changeWords(right.time - left.time)}</span>
        )}
      </td>
    </tr>
  );
}

function Bars({ side, length }: { readonly side: PhaseSide | undefined; readonly length: number }): ReactElement {
  return (
    <span className="compare-bars">
      {side?.bars.map(({ start, end, phase, error }) => (
        <span
          key={start}
          className="related-bar"
          data-phase={phase === 'total' ? 'deliver' : phaseColour(phase)}
          data-failed={error !== undefined}
          style={{ left: `${(start / length) * 100}%`, width: `${((end - start) / length) * 100}%` }}
        />
      ))}
    </span>
  );
}

function changeWords(change: number): string {
  return `${change < 0 ? '−' : '+'}${formatDuration(Math.abs(change))}`;
}
