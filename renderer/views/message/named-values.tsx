import type { ReactElement } from 'react';
import { CopyButton } from '../common/copy-button.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useT } from '../inspector-context.tsx';
import type { NamedValue } from './cookies.ts';

interface NamedValuesProps {
  readonly title: string;
  readonly values: readonly NamedValue[];
}

/** Rows drawn; of more, their number is told. */
const SHOWN = 300;

/** Cookies or parameters as a table, which can be closed. */
export function NamedValues({ title, values }: NamedValuesProps): ReactElement | null {
  const t = useT();
  if (values.length === 0) return null;
  return (
    <details className="named-values" open={values.length <= 20}>
      <summary>
        {title} <span className="section-note">{values.length}</span>
      </summary>
      <div className="fields" role="table" aria-label={title}>
        {values.slice(0, SHOWN).map(({ name, value, more = '' }, place) => (
          <div key={place} className="field-line" role="row">
            <span className="field-name" role="rowheader">
              <RawText text={name} limit={500} />
            </span>
            <span className="field-value" role="cell">
              <RawText text={value} limit={800} />
              {more !== '' && (
                <span className="field-change">
                  <RawText text={more} limit={500} />
                </span>
              )}
            </span>
            <span className="field-copy" role="cell">
              <CopyButton text={value} label={t('message.copyValue')} size="small" />
            </span>
          </div>
        ))}
      </div>
      {values.length > SHOWN && (
        <p className="section-note">{t('message.moreValues', { number: values.length - SHOWN })}</p>
      )}
    </details>
  );
}
