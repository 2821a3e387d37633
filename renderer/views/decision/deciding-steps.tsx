import type { ReactElement } from 'react';
import type { DecisionStep } from '../../../shared/decision.ts';
import { CodeWords } from './code-words.tsx';

/** The one or two steps that settled the decision, as the short answer to why. */
export function DecidingSteps({ steps }: { readonly steps: readonly DecisionStep[] }): ReactElement | null {
  const deciding = steps.filter(({ decides }) => decides !== undefined);
  if (deciding.length === 0) return null;
  return (
    <dl className="deciding">
      {deciding.map(({ decides, evidence, effect, source }) => (
        <div key={decides} data-decides={decides}>
          <dt>{decides === 'answer' ? 'Decided by' : 'Storing'}</dt>
          <dd>
            <span className="deciding-evidence">
              <CodeWords text={evidence} />
            </span>{' '}
            <span aria-hidden="true">→</span> <CodeWords text={effect} />{' '}
            <span className="deciding-source">{source}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
