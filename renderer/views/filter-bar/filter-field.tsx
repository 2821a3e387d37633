import { Filter, X } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { useStore } from 'zustand';
import type { FilterProblem } from '../../../shared/filter/filter-problem.ts';
import { useInspector, useT, useTrace, useUi } from '../inspector-context.tsx';
import { focusFilter } from './focus-filter.ts';
import { rememberFilter } from './remembered-filters.ts';
import { suggest } from './suggestions.ts';
import type { Suggestion } from './suggestions.ts';
import { focusRequestList } from '../request-list/focus-list.ts';

/** The filter's text, with what it could go on with and what is wrong with it right below. */
export function FilterField(): ReactElement {
  const { ui, search } = useInspector();
  const t = useT();
  const filter = useUi((state) => state.filter);
  const problem = useStore(search.store, (state) => state.problem);
  const input = useRef<HTMLInputElement>(null);
  const caret = useRef<number | undefined>(undefined);
  const [offers, setOffers] = useState<readonly Suggestion[]>([]);
  const [chosen, setChosen] = useState(-1);
  const [typing, setTyping] = useState(false);

  // After the text has been drawn, or the browser would put the caret at its end.
  useLayoutEffect(() => {
    if (caret.current === undefined) return;
    input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = undefined;
  }, [filter]);

  const close = (): void => {
    setOffers([]);
    setChosen(-1);
  };

  const write = (text: string, at: number): void => {
    ui.setState({ filter: text });
    setChosen(-1);
    void suggest(t, text, at, (question) => search.ask(question)).then((next) => {
      // Only what still fits: typing goes on while the values are looked up.
      if (ui.getState().filter === text && document.activeElement === input.current) setOffers(next);
    });
  };

  const take = (offer: Suggestion): void => {
    caret.current = offer.caret;
    write(offer.text, offer.caret);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const offer = offers[chosen];
    if (offers.length > 0 && step !== 0) {
      event.preventDefault();
      setChosen((chosen + step + offers.length + 1) % (offers.length + 1));
    } else if (offer !== undefined && (event.key === 'Enter' || event.key === 'Tab')) {
      event.preventDefault();
      take(offer);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (offers.length > 0) close();
      else if (filter === '') focusRequestList();
      else ui.setState({ filter: '' });
    } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      close();
      rememberFilter(ui);
      focusRequestList();
    }
  };

  // What is unfinished is no mistake until it is left so.
  const quiet = problem === undefined || offers.length > 0 || (typing && problem.code === 'INCOMPLETE');
  return (
    <div className="filter-field" data-active={filter !== ''} data-problem={!quiet}>
      <Filter className="icon icon-small" aria-hidden="true" />
      <input
        ref={input}
        id="filter"
        className="filter-input"
        type="text"
        role="combobox"
        aria-label={t('filterBar.field')}
        aria-expanded={offers.length > 0}
        aria-controls="filter-offers"
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 && chosen < offers.length ? `filter-offer-${chosen}` : undefined}
        aria-invalid={!quiet}
        aria-errormessage="filter-problem"
        placeholder={t('filterBar.placeholder')}
        autoComplete="off"
        spellCheck={false}
        value={filter}
        onChange={(event) => write(event.target.value, event.target.selectionStart ?? event.target.value.length)}
        onKeyDown={onKeyDown}
        onFocus={() => setTyping(true)}
        onBlur={() => {
          setTyping(false);
          close();
          rememberFilter(ui);
        }}
      />
      <FieldEnd />
      {offers.length > 0 && <Offers offers={offers} chosen={chosen} onTake={take} />}
      {problem !== undefined && !quiet && <Problem text={filter} problem={problem} />}
    </div>
  );
}

function FieldEnd(): ReactElement {
  const { ui } = useInspector();
  const t = useT();
  const filter = useUi((state) => state.filter);
  const shown = useTrace((state) => state.shown);
  const total = useTrace((state) => state.counts.total);
  if (filter === '') {
    return (
      <kbd className="kbd" aria-hidden="true">
        /
      </kbd>
    );
  }
  return (
    <>
      <span className="filter-count" role="status">
        {t('filterBar.matches', { shown, total })}
      </span>
      <button
        type="button"
        className="icon-button"
        data-size="small"
        aria-label={t('filterBar.clear')}
        onClick={() => {
          ui.setState({ filter: '' });
          focusFilter();
        }}
      >
        <X className="icon icon-small" />
      </button>
    </>
  );
}

interface OffersProps {
  readonly offers: readonly Suggestion[];
  readonly chosen: number;
  readonly onTake: (offer: Suggestion) => void;
}

function Offers({ offers, chosen, onTake }: OffersProps): ReactElement {
  const t = useT();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which is nothing to clean up with.
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <ul
      ref={list}
      id="filter-offers"
      className="floating filter-offers"
      role="listbox"
      aria-label={t('filterBar.suggestions')}
    >
      {offers.map((offer, place) => (
        <li
          key={offer.label}
          id={`filter-offer-${place}`}
          className="filter-offer"
          role="option"
          aria-selected={place === chosen}
          // Before the field loses the focus, which would close the list.
          onMouseDown={(event) => {
            event.preventDefault();
            onTake(offer);
          }}
        >
          <code>{offer.label}</code>
          <span className="filter-offer-detail">{offer.detail}</span>
        </li>
      ))}
    </ul>
  );
}

/** The text with its mistake marked, and what is wrong. */
function Problem({ text, problem }: { readonly text: string; readonly problem: FilterProblem }): ReactElement {
  const t = useT();
  const { from, to, message } = problem;
  return (
    <div id="filter-problem" className="floating filter-problem" role="alert">
      <code aria-hidden="true">
        {text.slice(Math.max(0, from - 40), from)}
        <mark>{text.slice(from, Math.max(to, from + 1)) || ' '}</mark>
        {text.slice(to, to + 40)}
      </code>
      <p>{t.said(message)}</p>
    </div>
  );
}
