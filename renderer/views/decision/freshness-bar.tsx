import type { ReactElement } from 'react';
import { formatSeconds } from '../../format/units.ts';

interface FreshnessBarProps {
  /** Seconds, RFC 9111 §4.2.3. */
  readonly age: number;
  /** Seconds, RFC 9111 §4.2.1. */
  readonly lifetime: number;
}

/** The stored response's age against its freshness lifetime. */
export function FreshnessBar({ age, lifetime }: FreshnessBarProps): ReactElement {
  const span = Math.max(age, lifetime, 1);
  const fresh = lifetime > age;
  const left = lifetime - age;
  const words = fresh
    ? `fresh for another ${formatSeconds(left)}`
    : left === 0
      ? 'just stale'
      : `stale for ${formatSeconds(-left)}`;
  return (
    <figure className="freshness" data-fresh={fresh}>
      <div className="freshness-bar" aria-hidden="true">
        <span className="freshness-life" style={{ width: `${(lifetime / span) * 100}%` }} />
        <span className="freshness-age" style={{ left: `${(age / span) * 100}%` }} />
      </div>
      <figcaption>
        <span>Age {formatSeconds(age)}</span>
        <span className="freshness-words">{words}</span>
        <span>Lifetime {formatSeconds(lifetime)}</span>
      </figcaption>
    </figure>
  );
}
