import { useMemo } from 'react';
import type { ReactElement } from 'react';
import type { DecisionStep } from '../../../shared/decision.ts';
import { getAllHeaders } from '../../../shared/headers.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { RawText } from '../common/raw-text.tsx';
import { evidenceFields } from './evidence-fields.ts';
import type { EvidenceField } from './evidence-fields.ts';

interface EvidenceSectionProps {
  readonly view: ExchangeView;
  readonly steps: readonly DecisionStep[];
}

/** The header fields that the cache looked at, with what decided marked in them. */
export function EvidenceSection({ view, steps }: EvidenceSectionProps): ReactElement | null {
  const { request, response } = view;
  const [asked, answered] = useMemo(() => {
    const vary = getAllHeaders(response?.headers ?? [], 'vary').flatMap((value) =>
      value.split(',').map((name) => name.trim().toLowerCase()),
    );
    return [
      evidenceFields('request', request.headers, steps, vary),
      evidenceFields('response', response?.headers ?? [], steps, vary),
    ];
  }, [request, response, steps]);
  if (asked.length === 0 && answered.length === 0) return null;
  return (
    <div className="section">
      <h3 className="section-title">
        The evidence
        <span className="section-note">what decided is marked</span>
      </h3>
      <Side title="Request" fields={asked} />
      <Side title="Response" fields={answered} />
    </div>
  );
}

function Side({ title, fields }: { readonly title: string; readonly fields: readonly EvidenceField[] }): ReactElement {
  return (
    <div className="evidence-side">
      <h4>{title}</h4>
      {fields.length === 0 && <p className="section-note">Nothing that a cache looks at.</p>}
      <dl className="evidence">
        {fields.map(({ name, pieces, decided }, place) => (
          <div key={place} data-decided={decided}>
            <dt>
              <RawText text={name} limit={200} />
            </dt>
            <dd>
              {pieces.map(({ text, marked }, index) =>
                marked ? (
                  <mark key={index}>
                    <RawText text={text} limit={600} />
                  </mark>
                ) : (
                  <RawText key={index} text={text} limit={600} />
                ),
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
