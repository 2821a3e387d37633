import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { formatCount } from '../../format/units.ts';
import { Hint } from '../common/hint.tsx';
import { NOTHING_FOUND } from './finder.ts';
import type { Translate } from '../../i18n/translate.ts';
import { useT } from '../inspector-context.tsx';
import type { Finder, FindState } from './finder.ts';

interface FindBarProps {
  /** Undefined while the view is not ready. */
  readonly finder: Finder | undefined;
  readonly onClose: () => void;
}

/** While somebody types, only the last text of such a stretch (ms) is looked for. */
const CALM_MS = 120;

/** Finds a text in the body that is shown. Enter goes on, Shift+Enter back, Escape away. */
export function FindBar({ finder, onClose }: FindBarProps): ReactElement {
  const t = useT();
  const [text, setText] = useState('');
  const [matchCase, setMatchCase] = useState(false);
  const [state, setState] = useState<FindState>();
  const input = useRef<HTMLInputElement>(null);
  const running = useRef(new AbortController());

  useEffect(() => input.current?.focus(), []);

  const take = (work: (signal: AbortSignal) => Promise<FindState>): void => {
    running.current.abort();
    const { signal } = (running.current = new AbortController());
    void work(signal).then((next) => {
      if (!signal.aborted) setState(next);
    });
  };

  useEffect(() => {
    if (finder === undefined) return;
    const timer = setTimeout(() => {
      if (text === '') setState(undefined);
      else take((signal) => finder.search({ text, matchCase }, signal));
    }, CALM_MS);
    return () => {
      clearTimeout(timer);
      running.current.abort();
    };
  }, [finder, text, matchCase]);

  const step = (direction: 1 | -1): void => {
    if (finder !== undefined && text !== '') take((signal) => finder.step(direction, signal));
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="find-bar" role="search" onKeyDown={onKey}>
      <input
        ref={input}
        className="field"
        aria-label={t('body.find')}
        placeholder={t('body.find')}
        maxLength={1000}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <button
        type="button"
        className="chip"
        aria-pressed={matchCase}
        aria-label={t('body.matchCase')}
        onClick={() => setMatchCase((before) => !before)}
      >
        Aa
      </button>
      <span className="section-note find-count" role="status">
        {text === '' ? '' : findWords(t, state ?? NOTHING_FOUND)}
      </span>
      <Hint text={t('body.previous')} keys="Shift Enter">
        <button type="button" className="icon-button" aria-label={t('body.previous')} onClick={() => step(-1)}>
          <ChevronUp className="icon" />
        </button>
      </Hint>
      <Hint text={t('body.next')} keys="Enter">
        <button type="button" className="icon-button" aria-label={t('body.next')} onClick={() => step(1)}>
          <ChevronDown className="icon" />
        </button>
      </Hint>
      <Hint text={t('common.close')} keys="Esc">
        <button type="button" className="icon-button" aria-label={t('body.closeSearch')} onClick={onClose}>
          <X className="icon" />
        </button>
      </Hint>
    </div>
  );
}

function findWords(t: Translate, { current, total, more, error }: FindState): string {
  if (error !== undefined) return error;
  if (total === 0) return more ? t('body.searching') : t('body.notFound');
  return t('body.matchOf', { current: formatCount(current), total: `${formatCount(total)}${more ? '+' : ''}` });
}
