import type { ReactElement, ReactNode } from 'react';
import type { CacheEntry, CacheEntryRow } from '../../../shared/cache-contract.ts';
import { formatBytes, formatCount, formatDateTime, formatDuration } from '../../format/units.ts';
import { RawText } from '../common/raw-text.tsx';
import { LifeBar } from '../decision/life-bar.tsx';
import { StepList } from '../decision/step-list.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { useEngineTime } from './cache-context.tsx';
import { ageWords, freshKind, freshWords, savedWords, usedWords, variantWords } from './entry-words.ts';

/** How fresh an entry is and why, what it is known by, and its variants. */
export function EntryOverview({ entry }: { readonly entry: CacheEntry }): ReactElement {
  const t = useT();
  return (
    <>
      <div className="section">
        <p className="decision-meaning">
          <Meaning entry={entry} />
        </p>
        <Life entry={entry} />
      </div>
      <div className="section">
        <h3 className="section-title">{t('cache.knownBy')}</h3>
        <Facts entry={entry} />
      </div>
      <div className="section">
        <h3 className="section-title">
          {t('cache.variants')}
          <span className="section-note">{t('cache.variantsUnderKey', { variants: entry.variants.length })}</span>
        </h3>
        <Variants entry={entry} />
      </div>
      <div className="section">
        <h3 className="section-title">
          {t('cache.whyStored')}
          <span className="section-note">{t('cache.byCurrentRules')}</span>
        </h3>
        <StepList steps={entry.steps} />
      </div>
    </>
  );
}

function Meaning({ entry }: { readonly entry: CacheEntry }): ReactElement {
  const t = useT();
  const kind = useEngineTime((now) => freshKind(entry, now));
  return <>{t(`cache.meaning-${kind}`)}</>;
}

function Life({ entry }: { readonly entry: CacheEntry }): ReactElement {
  const t = useT();
  const now = useEngineTime((time) => time);
  return <LifeBar life={entry.freshness} at={now} atName={t('cache.now')} />;
}

function Facts({ entry }: { readonly entry: CacheEntry }): ReactElement {
  const t = useT();
  const used = useEngineTime((now) => usedWords(t, entry, now));
  return (
    <dl className="facts">
      <Fact name={t('cache.cacheKey')}>
        <RawText text={entry.key} limit={2000} />
      </Fact>
      {entry.selecting.length > 0 && (
        <Fact name={t('cache.columnVariant')}>
          <RawText text={variantWords(t, entry)} limit={2000} />
        </Fact>
      )}
      <Fact name="ETag">{entry.etag === undefined ? t('cache.none') : <RawText text={entry.etag} limit={500} />}</Fact>
      <Fact name="Last-Modified">
        {entry.lastModified === undefined ? t('cache.none') : <RawText text={entry.lastModified} limit={100} />}
      </Fact>
      {entry.groups.length > 0 && (
        <Fact name={t('cache.groups')}>
          <RawText text={entry.groups.join(', ')} limit={1000} />
        </Fact>
      )}
      {entry.authorized && <Fact name="Authorization">{t('cache.authorized')}</Fact>}
      <Fact name={t('cache.storedOrConfirmed')}>{formatDateTime(entry.stored)}</Fact>
      <Fact name={t('cache.originTook')}>{formatDuration(entry.fetchMs)}</Fact>
      <Fact name={t('cache.takes')}>{formatBytes(entry.bytes)}</Fact>
      <Fact name={t('cache.columnHits')}>
        {entry.hits === 0 ? t('cache.noHits') : t('cache.hitsAndLast', { hits: formatCount(entry.hits), used })}
      </Fact>
      <Fact name={t('cache.columnSaved')}>{savedWords(entry)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** The responses to the same URL that other request fields chose. */
function Variants({ entry }: { readonly entry: CacheEntry }): ReactElement {
  const t = useT();
  if (entry.variants.length <= 1 && entry.selecting.length === 0) {
    return <p className="section-note">{t('cache.noVary')}</p>;
  }
  return (
    <table className="variants">
      <thead>
        <tr>
          <th scope="col">{t('cache.chosenBy')}</th>
          <th scope="col">{t('cache.columnAge')}</th>
          <th scope="col">{t('cache.columnTtl')}</th>
          <th scope="col">{t('cache.columnSize')}</th>
          <th scope="col">{t('cache.columnHits')}</th>
        </tr>
      </thead>
      <tbody>
        {entry.variants.map((variant) => (
          <VariantRow key={variant.id} variant={variant} current={variant.id === entry.id} />
        ))}
      </tbody>
    </table>
  );
}

function VariantRow({
  variant,
  current,
}: {
  readonly variant: CacheEntryRow;
  readonly current: boolean;
}): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const age = useEngineTime((now) => ageWords(variant, now));
  const fresh = useEngineTime((now) => freshWords(t, variant, now));
  const words = variant.selecting.length === 0 ? t('cache.anyRequest') : variantWords(t, variant);
  return (
    <tr data-current={current} aria-current={current ? 'true' : undefined}>
      <th scope="row">
        {current ? (
          <RawText text={words} limit={500} />
        ) : (
          <button type="button" className="link-button" onClick={() => ui.setState({ cacheEntry: variant.id })}>
            <RawText text={words} limit={500} />
          </button>
        )}
        {variant.part !== undefined && (
          <span className="section-note">
            {' '}
            {t('cache.bytes', { first: variant.part.first, last: variant.part.last })}
          </span>
        )}
      </th>
      <td>{age}</td>
      <td>{fresh}</td>
      <td>{formatBytes(variant.bodyBytes)}</td>
      <td>{formatCount(variant.hits)}</td>
    </tr>
  );
}
