import type { ReactElement } from 'react';
import { formatDateTime, formatSeconds } from '../../format/units.ts';
import { Rich } from '../../i18n/rich.tsx';
import type { Translate } from '../../i18n/translate.ts';
import { useT } from '../inspector-context.tsx';
import { CodeWords } from './code-words.tsx';
import { freshnessAt, lifeMarks } from './life-marks.ts';
import type { Life, LifeMark } from './life-marks.ts';
import './life-bar.css';

interface LifeBarProps {
  readonly life: Life;
  /** The moment that is asked about, in epoch milliseconds. */
  readonly at: number;
  /** What that moment is: `Answered`, `Now`. */
  readonly atName: string;
  /** The present moment, where that is another one; moves. */
  readonly now?: number;
}

/** A stored response's life on a bar of time: when it was made, arrived, is used, goes stale, and may still be used then. */
export function LifeBar({ life, at, atName, now }: LifeBarProps): ReactElement {
  const t = useT();
  const { marks, stretches } = lifeMarks(t, life, at, atName, now);
  const { fresh } = freshnessAt(life, now ?? at);
  const age = Math.max(0, Math.floor((at - life.born) / 1000));
  return (
    <figure className="life" data-fresh={fresh}>
      <figcaption className="life-words">
        <span>
          <Rich
            of={now === undefined ? 'decision.age' : 'decision.ageThen'}
            with={{ time: <strong>{formatSeconds(age)}</strong> }}
          />
        </span>
        <span>
          <Rich
            of="decision.lifetime"
            with={{ time: <strong>{formatSeconds(Math.round((life.expires - life.born) / 1000))}</strong> }}
          />
        </span>
        <span className="life-verdict">
          {life.noCache === true ? t('decision.askedAgain') : freshWords(t, life, at, now)}
        </span>
      </figcaption>
      <div className="life-bar" aria-hidden="true">
        {stretches.map(({ kind, from, to }) => (
          <span
            key={kind}
            className="life-stretch"
            data-kind={kind}
            style={{ left: percent(from), width: percent(to - from) }}
          />
        ))}
        {marks.map(({ kind, share, beyond }) => (
          <span
            key={kind}
            className="life-mark"
            data-kind={kind}
            data-beyond={beyond}
            style={{ left: percent(share) }}
          />
        ))}
      </div>
      <ol className="life-list">
        {marks.map((mark) => (
          <Moment key={mark.kind} mark={mark} at={now ?? at} moving={now !== undefined} />
        ))}
      </ol>
      <Origins life={life} />
    </figure>
  );
}

/** How fresh it is: now, or at the moment that is asked about. */
function freshWords(t: Translate, life: Life, at: number, now: number | undefined): string {
  const words = (time: number): string => {
    const { fresh, seconds } = freshnessAt(life, time);
    return t(fresh ? 'decision.freshFor' : 'decision.staleFor', { time: formatSeconds(seconds) });
  };
  return now === undefined ? words(at) : t('decision.nowIs', { state: words(now) });
}

interface MomentProps {
  readonly mark: LifeMark;
  /** What its distance is told from: the present, or the moment that is asked about. */
  readonly at: number;
  readonly moving: boolean;
}

function Moment({ mark: { kind, name, time }, at, moving }: MomentProps): ReactElement {
  const t = useT();
  // Rounded as freshness and age are, so that all of them tell the same second.
  const seconds = Math.ceil((time - at) / 1000);
  return (
    <li className="life-moment" data-kind={kind}>
      <span className="life-swatch" data-kind={kind} aria-hidden="true" />
      <span>{name}</span>
      <span className="life-time">{formatDateTime(time).slice(0, -4)}</span>
      <span className="life-offset">
        {kind === 'now' || seconds === 0
          ? ''
          : seconds > 0
            ? t('decision.inTime', { time: formatSeconds(seconds) })
            : t(moving ? 'decision.ago' : 'decision.earlier', { time: formatSeconds(-seconds) })}
      </span>
    </li>
  );
}

/** Where the numbers come from. */
function Origins({ life }: { readonly life: Life }): ReactElement | null {
  const t = useT();
  const { lifetimeFrom, ageFrom, staleForbiddenBy } = life;
  if (lifetimeFrom === undefined) return null;
  return (
    <p className="life-origins">
      <span>
        <Rich of="decision.lifetimeFrom" with={{ source: <CodeWords text={t.said(lifetimeFrom)} /> }} />
      </span>
      {ageFrom !== undefined && ageFrom !== '' && (
        <span>
          <CodeWords text={t.said(ageFrom)} />
        </span>
      )}
      {staleForbiddenBy !== undefined && (
        <span>
          <Rich of="decision.staleForbidden" with={{ directive: <CodeWords text={`\`${staleForbiddenBy}\``} /> }} />
        </span>
      )}
    </p>
  );
}

function percent(share: number): string {
  return `${share * 100}%`;
}
