import type { ReactElement } from 'react';
import type { DecisionStep } from '../../../shared/decision.ts';
import { useT } from '../inspector-context.tsx';
import { CodeWords } from './code-words.tsx';

/** The one or two steps that settled the decision, as the short answer to why. */
export function DecidingSteps({ steps }: { readonly steps: readonly DecisionStep[] }): ReactElement | null {
  const t = useT();
  const deciding = steps.filter(({ decides }) => decides !== undefined);
  if (deciding.length === 0) return null;
  return (
    <dl className="deciding">
      {deciding.map(({ decides, evidence, effect, source }) => (
        <div key={decides} data-decides={decides}>
          <dt>{decides === 'answer' ? t('decision.decidedBy') : t('decision.storing')}</dt>
          <dd>
            <span className="deciding-evidence">
              <CodeWords text={t.said(evidence)} />
            </span>{' '}
            <span aria-hidden="true">→</span> <CodeWords text={t.said(effect)} />{' '}
            <span className="deciding-source">{t.said(source)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
