import type { ReactElement, ReactNode } from 'react';
import type { CacheEntry, CacheEntryRow } from '../../../shared/cache-contract.ts';
import { formatBytes, formatCount, formatDateTime, formatDuration } from '../../format/units.ts';
import { RawText } from '../common/raw-text.tsx';
import { LifeBar } from '../decision/life-bar.tsx';
import { StepList } from '../decision/step-list.tsx';
import { useInspector } from '../inspector-context.tsx';
import { useEngineTime } from './cache-context.tsx';
import { ageWords, freshKind, freshWords, savedWords, usedWords, variantWords } from './entry-words.ts';

/** How fresh an entry is and why, what it is known by, and its variants. */
export function EntryOverview({ entry }: { readonly entry: CacheEntry }): ReactElement {
  return (
    <>
      <div className="section">
        <p className="decision-meaning">
          <Meaning entry={entry} />
        </p>
        <Life entry={entry} />
      </div>
      <div className="section">
        <h3 className="section-title">Known by</h3>
        <Facts entry={entry} />
      </div>
      <div className="section">
        <h3 className="section-title">
          Variants
          <span className="section-note">{entry.variants.length} under this key</span>
        </h3>
        <Variants entry={entry} />
      </div>
      <div className="section">
        <h3 className="section-title">
          Why it is stored
          <span className="section-note">by the current mode and rules</span>
        </h3>
        <StepList steps={entry.steps} />
      </div>
    </>
  );
}

const MEANINGS = {
  fresh: 'Answers requests from the store without asking the origin.',
  stale: 'No longer fresh: the next request asks the origin whether it is still good.',
  'no-cache': 'Stored, but the origin is asked before every use.',
  unusable: 'Stored under another mode; the current one does not allow its use.',
} as const;

function Meaning({ entry }: { readonly entry: CacheEntry }): ReactElement {
  return <>{MEANINGS[useEngineTime((now) => freshKind(entry, now))]}</>;
}

function Life({ entry }: { readonly entry: CacheEntry }): ReactElement {
  const now = useEngineTime((time) => time);
  return <LifeBar life={entry.freshness} at={now} atName="Now" />;
}

function Facts({ entry }: { readonly entry: CacheEntry }): ReactElement {
  const used = useEngineTime((now) => usedWords(entry, now));
  return (
    <dl className="facts">
      <Fact name="Cache key">
        <RawText text={entry.key} limit={2000} />
      </Fact>
      {entry.selecting.length > 0 && (
        <Fact name="Varies by">
          <RawText text={variantWords(entry)} limit={2000} />
        </Fact>
      )}
      <Fact name="ETag">{entry.etag === undefined ? 'none' : <RawText text={entry.etag} limit={500} />}</Fact>
      <Fact name="Last-Modified">
        {entry.lastModified === undefined ? 'none' : <RawText text={entry.lastModified} limit={100} />}
      </Fact>
      {entry.groups.length > 0 && (
        <Fact name="Cache groups">
          <RawText text={entry.groups.join(', ')} limit={1000} />
        </Fact>
      )}
      {entry.authorized && <Fact name="Authorization">The request that brought it carried credentials</Fact>}
      <Fact name="Stored, or confirmed last">{formatDateTime(entry.stored)}</Fact>
      <Fact name="The origin took">{formatDuration(entry.fetchMs)}</Fact>
      <Fact name="Takes in the store">{formatBytes(entry.bytes)}</Fact>
      <Fact name="Hits">{entry.hits === 0 ? 'none yet' : `${formatCount(entry.hits)}, the last ${used}`}</Fact>
      <Fact name="Saved">{savedWords(entry)}</Fact>
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
  if (entry.variants.length <= 1 && entry.selecting.length === 0) {
    return <p className="section-note">The response has no Vary: it answers every request for this URL.</p>;
  }
  return (
    <table className="variants">
      <thead>
        <tr>
          <th scope="col">Chosen by</th>
          <th scope="col">Age</th>
          <th scope="col">Fresh for</th>
          <th scope="col">Size</th>
          <th scope="col">Hits</th>
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
  const { ui } = useInspector();
  const age = useEngineTime((now) => ageWords(variant, now));
  const fresh = useEngineTime((now) => freshWords(variant, now));
  const words = variant.selecting.length === 0 ? 'any request' : variantWords(variant);
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
            bytes {variant.part.first}–{variant.part.last}
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
