import { RotateCcw } from 'lucide-react';
import { useId, useState } from 'react';
import type { ReactElement, ReactNode, Ref } from 'react';
import { CACHE_MODES, decisionSentence, departsFromStandard } from '../../../shared/decision.ts';
import type { CacheMode, Decision, WhatIfAnswer } from '../../../shared/decision.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { fieldLines } from '../../format/field-lines.ts';
import { formatSeconds } from '../../format/units.ts';
import { Rich } from '../../i18n/rich.tsx';
import type { Translate } from '../../i18n/translate.ts';
import { VerdictBadge } from '../common/labels.tsx';
import { useSession, useT } from '../inspector-context.tsx';
import { CodeWords } from './code-words.tsx';
import { LifeBar } from './life-bar.tsx';
import { DepartureBadge, StepList } from './step-list.tsx';
import { useWhatIf } from './use-what-if.ts';
import { modeName, verdictMeaning } from './verdict-words.ts';
import { OFFSETS, UNCHANGED, whatIfQuestion } from './what-if-question.ts';
import type { WhatIfDraft } from './what-if-question.ts';
import '../common/form-rows.css';
import './what-if.css';

interface WhatIfPanelProps {
  readonly view: ExchangeView;
  readonly decision: Decision;
  /** Gets the first control, for who wants to bring the keyboard there. */
  readonly first: Ref<HTMLInputElement>;
}

/** The same request once more, under circumstances to be chosen: decided by the engine's own rules, without traffic. */
export function WhatIfPanel({ view, decision, first }: WhatIfPanelProps): ReactElement {
  const t = useT();
  const epoch = useSession((state) => state.status?.epoch ?? 0);
  const [draft, setDraft] = useState<WhatIfDraft>(UNCHANGED);
  const decidedAt = epoch + (view.decidedAt ?? view.start);
  const asked = whatIfQuestion(t, draft, { id: view.id, mode: decision.mode, decidedAt });
  const answer = useWhatIf('question' in asked ? asked.question : undefined);
  const error = 'error' in asked ? asked.error : undefined;
  const change = (part: Partial<WhatIfDraft>): void => setDraft((before) => ({ ...before, ...part }));
  return (
    <div className="section what-if" role="group" aria-label={t('decision.whatIf')}>
      <h3 className="section-title">
        {t('decision.whatIfAgain')}
        {draft !== UNCHANGED && (
          <span className="section-actions">
            <button type="button" className="button" data-kind="quiet" onClick={() => setDraft(UNCHANGED)}>
              <RotateCcw className="icon icon-small" />
              {t('decision.startOver')}
            </button>
          </span>
        )}
      </h3>
      <p className="what-if-lead">{t('decision.suppose')}</p>
      <div className="what-if-body">
        <div>
          <Clock
            first={first}
            later={draft.later}
            stale={answer?.ok === true ? staleAfter(answer.value, decidedAt) : undefined}
            onChange={(later) => change({ later })}
          />
          <Mode mode={draft.mode} recorded={decision.mode} onChange={(mode) => change({ mode })} />
          <Fields
            title={t(view.from === 'cache' ? 'decision.laterFields' : 'decision.requestFields')}
            text={draft.request}
            recorded={() => fieldLines(view.request.headers)}
            error={error?.side === 'request' ? error.message : ''}
            onChange={(request) => change({ request })}
          >
            {view.from !== 'cache' && (
              <label className="check">
                <input
                  type="checkbox"
                  checked={draft.laterOnly}
                  onChange={({ target }) => change({ laterOnly: target.checked })}
                />
                <span>
                  {t('decision.laterOnly')}
                  <span className="section-note">{t('decision.laterOnlyNote')}</span>
                </span>
              </label>
            )}
          </Fields>
          <Fields
            title={t('decision.responseFields')}
            text={draft.response}
            recorded={() => fieldLines(view.response?.headers ?? [])}
            error={error?.side === 'response' ? error.message : ''}
            onChange={(response) => change({ response })}
          />
        </div>
        {answer === undefined ? (
          <p className="section-note">{error === undefined ? t('decision.asking') : t('decision.correct')}</p>
        ) : answer.ok ? (
          <Outcome decision={decision} answer={answer.value} at={Math.round(decidedAt + draft.later * 1000)} />
        ) : (
          <p className="callout" role="status">
            {answer.error.message}
          </p>
        )}
      </div>
    </div>
  );
}

/** Seconds after which the response is no longer fresh, where it is at first. */
function staleAfter({ freshness }: WhatIfAnswer, decidedAt: number): number | undefined {
  const seconds = freshness === undefined ? 0 : Math.ceil((freshness.expires - decidedAt) / 1000);
  return seconds > 0 ? seconds : undefined;
}

interface ClockProps {
  readonly first: Ref<HTMLInputElement>;
  readonly later: number;
  readonly stale: number | undefined;
  readonly onChange: (later: number) => void;
}

function Clock({ first, later, stale, onChange }: ClockProps): ReactElement {
  const t = useT();
  const id = useId();
  const offsets = [
    [t('decision.atOnce'), 0] as const,
    ...OFFSETS.map((seconds) => [formatSeconds(seconds), seconds] as const),
    ...(stale === undefined ? [] : [[t('decision.onceStale'), stale] as const]),
  ];
  return (
    <div className="what-if-row">
      <label htmlFor={id}>{t('decision.comesAfter')}</label>
      <input
        id={id}
        ref={first}
        className="field what-if-seconds"
        type="number"
        min={0}
        max={1e10}
        step={1}
        value={later}
        onChange={({ target }) => {
          const seconds = Number(target.value);
          if (Number.isFinite(seconds) && seconds >= 0 && seconds <= 1e10) onChange(seconds);
        }}
      />
      <span className="section-note">{t('decision.seconds')}</span>
      <span className="what-if-offsets" role="group" aria-label={t('decision.commonTimes')}>
        {offsets.map(([label, seconds]) => (
          <button
            key={label}
            type="button"
            className="chip"
            aria-pressed={later === seconds}
            onClick={() => onChange(seconds)}
          >
            {label}
          </button>
        ))}
      </span>
    </div>
  );
}

interface ModeProps {
  readonly mode: CacheMode | undefined;
  readonly recorded: CacheMode;
  readonly onChange: (mode: CacheMode | undefined) => void;
}

function Mode({ mode, recorded, onChange }: ModeProps): ReactElement {
  const t = useT();
  const id = useId();
  return (
    <div className="what-if-row">
      <label htmlFor={id}>{t('decision.worksAs')}</label>
      <select
        id={id}
        className="field"
        value={mode ?? recorded}
        onChange={({ target }) => {
          const next = CACHE_MODES.find((one) => one === target.value);
          onChange(next === recorded ? undefined : next);
        }}
      >
        {CACHE_MODES.map((one) => (
          <option key={one} value={one}>
            {one === recorded ? t('decision.asItWas', { mode: modeName(t, one) }) : modeName(t, one)}
          </option>
        ))}
      </select>
    </div>
  );
}

interface FieldsProps {
  readonly title: string;
  /** Undefined while they are as recorded. */
  readonly text: string | undefined;
  readonly recorded: () => string;
  readonly error: string;
  readonly onChange: (text: string | undefined) => void;
  readonly children?: ReactNode;
}

function Fields({ title, text, recorded, error, onChange, children }: FieldsProps): ReactElement {
  const t = useT();
  const [open, setOpen] = useState(false);
  const errorId = useId();
  return (
    <details className="what-if-fields" open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {title}
        {text !== undefined && <span className="badge">{t('decision.edited')}</span>}
      </summary>
      {open && (
        <>
          <textarea
            className="field what-if-text"
            aria-label={title}
            aria-invalid={error !== ''}
            aria-describedby={errorId}
            spellCheck={false}
            rows={6}
            value={text ?? recorded()}
            onChange={({ target }) => onChange(target.value)}
          />
          <p id={errorId} className="field-error" role="alert">
            {error}
          </p>
          {children}
        </>
      )}
    </details>
  );
}

interface OutcomeProps {
  readonly decision: Decision;
  readonly answer: WhatIfAnswer;
  /** When the request comes again, in epoch milliseconds. */
  readonly at: number;
}

function Outcome({ decision, answer, at }: OutcomeProps): ReactElement {
  const t = useT();
  const { stored, storing, decision: other, freshness } = answer;
  return (
    <div className="what-if-outcome" aria-live="polite">
      <div className="what-if-sides">
        <Side title={t('decision.thisExchange')} decision={decision} />
        <Side title={t('decision.thenSide')} decision={other} other />
      </div>
      {other.mode !== 'off' && (
        <p className="what-if-storing">
          {storing.length === 0 ? (
            t(stored ? 'decision.wouldStore' : 'decision.wouldNotStore')
          ) : (
            <Rich
              of={stored ? 'decision.wouldStoreBy' : 'decision.wouldNotStoreBy'}
              with={{ reason: <CodeWords text={t.said(storing.at(-1)?.evidence ?? '')} /> }}
            />
          )}
        </p>
      )}
      {freshness !== undefined && <LifeBar life={freshness} at={at} atName={t('decision.comesAgain')} />}
      <details className="what-if-fields">
        <summary>{t('decision.howThen')}</summary>
        <StepList steps={[...storing, ...other.steps]} />
      </details>
    </div>
  );
}

interface SideProps {
  readonly title: string;
  readonly decision: Decision;
  readonly other?: boolean;
}

function Side({ title, decision, other = false }: SideProps): ReactElement {
  const t = useT();
  return (
    <section className="what-if-side" data-other={other}>
      <h4>{title}</h4>
      <p className="what-if-verdict">
        <VerdictBadge verdict={decision.verdict} />
        <span className="section-note">{modeName(t, decision.mode)}</span>
        {departsFromStandard(decision) && <DepartureBadge />}
      </p>
      <p>{other ? wouldBe(t, decision) : verdictMeaning(t, decision)}</p>
      <p className="what-if-sentence">
        <CodeWords text={decisionSentence(decision, t.said)} />
      </p>
    </section>
  );
}

/** What would become of the later request, as far as it can be known without asking the origin. */
function wouldBe(t: Translate, decision: Decision): string {
  const { verdict, fwd } = decision;
  if (verdict === 'MISS' && (fwd === 'stale' || fwd === 'request')) {
    // Without a validator there is nothing to ask with but the whole response.
    if (decision.steps.some(({ rule }) => rule === 'validation.none')) return t('decision.wouldAskAgain');
    return t('decision.wouldValidate');
  }
  return verdictMeaning(t, decision);
}
