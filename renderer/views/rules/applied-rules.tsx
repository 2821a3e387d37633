import type { ReactElement } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { formatDuration } from '../../format/units.ts';
import { RawText } from '../common/raw-text.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { showRule } from './rule-list.ts';

/** Which rules an exchange has met, what each did with it, and the way to them; nothing when there was none. */
export function AppliedRules({ view }: { readonly view: ExchangeView }): ReactElement | null {
  const t = useT();
  const inspector = useInspector();
  if (view.rules === undefined) return null;
  return (
    <div className="section">
      <h3 className="section-title">{t('rules.touched')}</h3>
      <ol className="notes">
        {view.rules.map((rule, place) => (
          <li key={place} className="callout">
            <span>
              <button type="button" className="link-button" onClick={() => showRule(inspector, rule)}>
                <RawText text={rule.name} limit={80} />
              </button>{' '}
              {t(`rules.used-${rule.action}`)}{' '}
              <span className="section-note">
                {t('rules.touchedAfter', { time: formatDuration(rule.at - view.start) })}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
