import { ChevronRight } from 'lucide-react';
import { memo } from 'react';
import type { ReactElement } from 'react';
import { formatBytes, formatShare } from '../../format/units.ts';
import type { Group } from '../../store/group-tree.ts';
import { RawText } from '../common/raw-text.tsx';
import { useT } from '../inspector-context.tsx';
import { rowElementId } from './row-element.ts';

interface GroupRowProps {
  readonly group: Group;
  /** The line's place in the list, from 0. */
  readonly position: number;
  /** Where it is drawn, in pixels below the first row. */
  readonly top: number;
  readonly open: boolean;
  readonly current: boolean;
  /** Columns that it lies across. */
  readonly columns: number;
  /** What it shows changes in place; this says when. */
  readonly version: number;
}

/** A host or a folder with what is under it in numbers. */
export const GroupRow = memo(function GroupRow({
  group,
  position,
  top,
  open,
  current,
  columns,
}: GroupRowProps): ReactElement {
  const t = useT();
  const { name, level, line, count, errors, hits, bytes } = group;
  return (
    <div
      id={rowElementId(line)}
      className="request-row group-row"
      role="row"
      aria-rowindex={position + 2}
      aria-level={level}
      aria-expanded={open}
      aria-selected={current}
      data-current={current}
      data-line={line}
      style={{ top }}
    >
      <div
        role="gridcell"
        className="group-cell"
        aria-colindex={1}
        aria-colspan={columns}
        style={{ '--level': level - 1 }}
      >
        <ChevronRight className="icon icon-small group-arrow" aria-hidden="true" />
        <span className="group-name">{name === '' ? t('list.withoutUrl') : <RawText text={name} limit={200} />}</span>
        <span className="group-fact">{t('list.groupCount', { count })}</span>
        {errors > 0 && (
          <span className="group-fact" data-tone="bad">
            {t('list.groupErrors', { count: errors })}
          </span>
        )}
        {hits > 0 && <span className="group-fact">{t('list.groupHits', { share: formatShare(hits, count) })}</span>}
        <span className="group-fact">{formatBytes(bytes)}</span>
      </div>
    </div>
  );
});
