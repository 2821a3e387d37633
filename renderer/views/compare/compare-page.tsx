import { ArrowLeftRight, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { fold } from '../../../shared/exchange-view.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { engineNow } from '../../store/trace-store.ts';
import { compare } from '../../store/ui-store.ts';
import { RawText } from '../common/raw-text.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { comparableBody } from './comparable-body.ts';
import type { ComparableBody } from './comparable-body.ts';
import { exchangeFacts, fieldFacts } from './compared-facts.ts';
import type { ComparedFact } from './compared-facts.ts';
import { CompareChoice } from './compare-choice.tsx';
import { ComparedTimeline } from './compared-timeline.tsx';
import { lineDiff, withContext } from './line-diff.ts';
import { focusRequestList } from '../request-list/focus-list.ts';
import '../timeline/timeline.css';
import './compare.css';

interface ComparePageProps {
  readonly left: number;
  readonly right: number;
}

/** Rows of a difference that are drawn; of more, their number is told. */
const DRAWN = 3_000;

/** Two exchanges beside each other: what they are, their fields, bodies and times, with what differs marked. */
export function ComparePage({ left, right }: ComparePageProps): ReactElement {
  const t = useT();
  const { ui, trace } = useInspector();
  const hasChoice = useUi((state) => state.compareGroup.length > 2);
  const [first, second] = [useExchange(left), useExchange(right)];
  const [onlyDifferences, setOnlyDifferences] = useState(true);
  const content = useRef<HTMLDivElement>(null);
  const close = (): void => ui.setState({ compared: null });
  // What had the keyboard before is gone with the list, and comes back with it.
  useEffect(() => {
    content.current?.focus();
    return () => {
      if (document.activeElement === document.body) focusRequestList();
    };
  }, []);
  const now = engineNow(trace.getState());
  return (
    <section
      className="compare"
      aria-label={t('compare.comparison')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <header className="compare-head">
        <h2 className={hasChoice ? 'visually-hidden' : undefined}>
          {t('compare.title', { left: String(left), right: String(right) })}
        </h2>
        {hasChoice && <CompareChoice left={left} right={right} />}
        <label className="compare-only">
          <input
            type="checkbox"
            checked={onlyDifferences}
            onChange={({ target }) => setOnlyDifferences(target.checked)}
          />
          {t('compare.onlyDifferences')}
        </label>
        <button type="button" className="button" onClick={() => compare(ui, right, left)}>
          <ArrowLeftRight className="icon icon-small" />
          {t('compare.swap')}
        </button>
        <button type="button" className="icon-button" aria-label={t('compare.close')} onClick={close}>
          <X className="icon" />
        </button>
      </header>
      <div ref={content} className="compare-scroll" tabIndex={0} role="group" aria-label={t('compare.whatDiffers')}>
        {typeof first === 'object' && typeof second === 'object' ? (
          <Compared {...{ first, second, now, onlyDifferences }} />
        ) : (
          <p className="section section-note">
            {typeof first === 'string' ? first : typeof second === 'string' ? second : t('compare.reading')}
          </p>
        )}
      </div>
    </section>
  );
}

interface ComparedProps {
  readonly first: ExchangeView;
  readonly second: ExchangeView;
  readonly now: number;
  readonly onlyDifferences: boolean;
}

function Compared({ first, second, now, onlyDifferences }: ComparedProps): ReactElement {
  const t = useT();
  const heads = [`#${first.id}`, `#${second.id}`] as const;
  const facts = (title: string, all: readonly ComparedFact[]): ReactElement => (
    <Facts title={title} heads={heads} facts={all} onlyDifferences={onlyDifferences} />
  );
  return (
    <>
      {facts(t('compare.exchange'), exchangeFacts(t, first, second))}
      {facts(t('compare.requestHeaders'), fieldFacts(first.request.headers, second.request.headers))}
      <BodyDifference title={t('compare.requestBody')} side="request" first={first} second={second} />
      {facts(t('compare.responseHeaders'), fieldFacts(first.response?.headers ?? [], second.response?.headers ?? []))}
      <BodyDifference title={t('compare.responseBody')} side="response" first={first} second={second} />
      <ComparedTimeline {...{ first, second, now, onlyDifferences }} />
    </>
  );
}

interface FactsProps {
  readonly title: string;
  readonly heads: readonly [left: string, right: string];
  readonly facts: readonly ComparedFact[];
  readonly onlyDifferences: boolean;
}

function Facts({ title, heads, facts, onlyDifferences }: FactsProps): ReactElement {
  const t = useT();
  const differing = facts.filter(({ differs }) => differs);
  const shown = onlyDifferences ? differing : facts;
  return (
    <div className="section">
      <h3 className="section-title">
        {title}
        <span className="section-note">
          {differing.length === 0
            ? t('compare.same')
            : t('compare.phasesDiffer', { differ: differing.length, all: facts.length })}
        </span>
      </h3>
      {shown.length > 0 && (
        <table className="compare-table">
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">{t('compare.name')}</span>
              </th>
              <th scope="col">{heads[0]}</th>
              <th scope="col">{heads[1]}</th>
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, 500).map(({ name, left, right, differs }) => (
              <tr key={name} data-differs={differs}>
                <th scope="row">
                  <RawText text={name} limit={200} />
                </th>
                <td>
                  <RawText text={left} limit={2_000} />
                </td>
                <td>
                  <RawText text={right} limit={2_000} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

interface BodyDifferenceProps {
  readonly title: string;
  readonly side: 'request' | 'response';
  readonly first: ExchangeView;
  readonly second: ExchangeView;
}

function BodyDifference({ title, side, first, second }: BodyDifferenceProps): ReactElement {
  const t = useT();
  const [left, right] = [useComparableBody(first, side), useComparableBody(second, side)];
  const lines = useMemo(
    () =>
      left !== undefined && right !== undefined && 'lines' in left && 'lines' in right
        ? withContext(lineDiff(left.lines, right.lines))
        : undefined,
    [left, right],
  );
  const without = [left, right].map((body) =>
    body !== undefined && 'without' in body ? body.without : t('compare.text'),
  );
  const note =
    left === undefined || right === undefined
      ? t('compare.reading')
      : lines === undefined
        ? without[0] === without[1]
          ? without[0]
          : t('compare.both', { left: without[0] ?? '', right: without[1] ?? '' })
        : lines.length === 0
          ? t('compare.same')
          : t('compare.lineMarks');
  return (
    <div className="section">
      <h3 className="section-title">
        {title}
        <span className="section-note">{note}</span>
      </h3>
      {lines !== undefined && lines.length > 0 && (
        <div className="compare-lines" tabIndex={0} role="group" aria-label={t('compare.lineByLine', { title })}>
          {lines.slice(0, DRAWN).map(({ line, folded }, place) => (
            <div key={place}>
              {folded > 0 && <div className="compare-folded">{t('compare.folded', { count: folded })}</div>}
              <div className="compare-line" data-kind={line.kind}>
                <span aria-hidden="true">{{ same: ' ', left: '−', right: '+' }[line.kind]} </span>
                <RawText text={line.text} limit={2_000} />
              </div>
            </div>
          ))}
          {lines.length > DRAWN && (
            <div className="compare-folded">{t('compare.moreLines', { count: lines.length - DRAWN })}</div>
          )}
        </div>
      )}
    </div>
  );
}

/** An exchange in full; a sentence when it cannot be read, undefined until it is. */
function useExchange(id: number): ExchangeView | string | undefined {
  const t = useT();
  const { api } = useInspector();
  const [read, setRead] = useState<{ readonly id: number; readonly view: ExchangeView | string }>();
  useEffect(() => {
    let wanted = true;
    void api.request('exchange.read', { id }).then((answer) => {
      if (!wanted) return;
      const view = answer.ok ? fold(answer.value.events) : undefined;
      setRead({ id, view: view ?? (answer.ok ? t('compare.notKept', { id: String(id) }) : answer.error.message) });
    });
    return () => {
      wanted = false;
    };
  }, [t, api, id]);
  return read?.id === id ? read.view : undefined;
}

function useComparableBody(view: ExchangeView, side: 'request' | 'response'): ComparableBody | undefined {
  const t = useT();
  const { api } = useInspector();
  const [body, setBody] = useState<{ readonly of: ExchangeView; readonly body: ComparableBody }>();
  useEffect(() => {
    let wanted = true;
    void comparableBody(t, api, view, side).then((read) => {
      if (wanted) setBody({ of: view, body: read });
    });
    return () => {
      wanted = false;
    };
  }, [t, api, view, side]);
  return body?.of === view ? body.body : undefined;
}
