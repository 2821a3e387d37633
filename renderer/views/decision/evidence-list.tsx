import type { ReactElement } from 'react';
import type { DecisionStep } from '../../../shared/decision.ts';
import type { Translate } from '../../i18n/translate.ts';
import { RawText } from '../common/raw-text.tsx';
import { useT } from '../inspector-context.tsx';
import type { EvidenceField, EvidenceGroup, ValuePiece } from './evidence-fields.ts';

interface EvidenceListProps {
  readonly groups: readonly EvidenceGroup[];
  readonly steps: readonly DecisionStep[];
  /** The place of the step whose evidence is marked; undefined for all that decided. */
  readonly chosen: number | undefined;
  /** The status that the origin answered with. */
  readonly answered: number | undefined;
}

/** The header fields that the cache looked at, with what a step rests on marked in them, and the step's number behind it. */
export function EvidenceList({ groups, steps, chosen, answered }: EvidenceListProps): ReactElement {
  const t = useT();
  const counts = (step: number): boolean =>
    chosen === undefined ? steps[step]?.decides !== undefined : step === chosen;
  return (
    <div className="evidence" role="group" aria-label={t('decision.fieldsLookedAt')}>
      {groups.map(({ side, told, fields }) => (
        <section key={side} className="evidence-side">
          <h4>{groupTitle(t, side, told, answered)}</h4>
          <dl>
            {fields.map((field, place) => (
              <Field key={place} field={field} counts={counts} />
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function groupTitle(t: Translate, side: EvidenceGroup['side'], told: boolean, answered: number | undefined): string {
  if (side === 'request') return t('decision.requestSide');
  if (side === 'stored') return told ? t('decision.storedTold') : t('decision.storedSide');
  return answered === undefined ? t('decision.originSide') : t('decision.originAnswered', { status: String(answered) });
}

interface FieldProps {
  readonly field: EvidenceField;
  readonly counts: (step: number) => boolean;
}

function Field({ field: { name, pieces, steps }, counts }: FieldProps): ReactElement {
  const t = useT();
  return (
    <div className="evidence-field" data-counts={steps.some(counts)}>
      <dt>
        <RawText text={name} limit={200} />
      </dt>
      <dd>
        {pieces.map((piece, place) => (
          <Piece key={place} piece={piece} counts={counts} />
        ))}
        {steps.map((step) => (
          <span key={step} className="evidence-step" data-counts={counts(step)}>
            <span className="visually-hidden">{t('decision.stepNumber', { number: String(step + 1) })}</span>
            <span aria-hidden="true">{step + 1}</span>
          </span>
        ))}
      </dd>
    </div>
  );
}

function Piece({
  piece: { text, steps },
  counts,
}: {
  readonly piece: ValuePiece;
  readonly counts: FieldProps['counts'];
}): ReactElement {
  if (!steps.some(counts)) return <RawText text={text} limit={600} />;
  return (
    <mark>
      <RawText text={text} limit={600} />
    </mark>
  );
}
