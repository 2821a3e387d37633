import { Filter, Globe, Search, Server, SlidersHorizontal, SquareTerminal } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { listEntries, paletteEntries } from './palette-entries.ts';
import type { ListedEntry, PaletteKind } from './palette-entries.ts';
import '../common/sheet.css';
import './palette.css';

const MOST_RECENT = 10;

const ICONS: Readonly<Record<PaletteKind, typeof Globe>> = {
  command: SquareTerminal,
  upstream: Server,
  setting: SlidersHorizontal,
  filter: Filter,
  request: Globe,
};

/** Finds whatever can be done, and does it. A native dialog: it keeps the keyboard inside and gives it back. */
export function Palette(): ReactElement {
  const inspector = useInspector();
  const { ui } = inspector;
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const [position, setPosition] = useState(0);
  const t = useT();
  const recent = useUi((state) => state.recentChoices);
  // As they are when the palette opens: nothing jumps under the finger.
  const entries = useMemo(() => paletteEntries(inspector, t), [inspector, t]);
  const listed = useMemo(
    () => listEntries(inspector, t, entries, typed, recent),
    [inspector, t, entries, typed, recent],
  );
  const chosen = listed[Math.min(position, listed.length - 1)];

  useEffect(() => dialog.current?.showModal(), []);

  const choose = (entry: ListedEntry): void => {
    // First closed, so that what it does finds the keyboard where it was.
    dialog.current?.close();
    const choices = [entry.id, ...recent.filter((id) => id !== entry.id)].slice(0, MOST_RECENT);
    ui.setState({ paletteOpen: false, recentChoices: entry.kind === 'request' ? recent : choices });
    entry.run();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step !== undefined && listed.length > 0)
      setPosition((before) => (Math.min(before, listed.length - 1) + step + listed.length) % listed.length);
    else if (event.key === 'Enter' && chosen !== undefined) choose(chosen);
    else if (event.key === 'k' && (event.ctrlKey || event.metaKey)) dialog.current?.close();
    else return;
    event.preventDefault();
  };

  return (
    <dialog
      ref={dialog}
      className="sheet palette"
      aria-label={t('commands.palette')}
      onClose={() => ui.setState({ paletteOpen: false })}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current.close();
      }}
    >
      <div className="palette-field">
        <Search className="icon" aria-hidden="true" />
        <input
          className="palette-input"
          type="text"
          role="combobox"
          aria-label={t('commands.find')}
          aria-expanded="true"
          aria-controls="palette-list"
          aria-autocomplete="list"
          aria-activedescendant={chosen === undefined ? undefined : optionId(listed.indexOf(chosen))}
          placeholder={t('commands.find')}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            setPosition(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul id="palette-list" className="palette-list" role="listbox" aria-label={t('commands.choices')}>
        {listed.map((entry, index) => (
          <PaletteOption
            key={entry.id}
            entry={entry}
            index={index}
            chosen={entry === chosen}
            onPoint={() => setPosition(index)}
            onChoose={() => choose(entry)}
          />
        ))}
      </ul>
    </dialog>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

function optionId(index: number): string {
  return `palette-option-${index}`;
}

interface PaletteOptionProps {
  readonly entry: ListedEntry;
  readonly index: number;
  readonly chosen: boolean;
  readonly onPoint: () => void;
  readonly onChoose: () => void;
}

function PaletteOption({ entry, index, chosen, onPoint, onChoose }: PaletteOptionProps): ReactElement {
  const element = useRef<HTMLLIElement>(null);
  const Icon = ICONS[entry.kind];
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <li
      ref={element}
      id={optionId(index)}
      className="palette-option"
      role="option"
      aria-selected={chosen}
      onMouseMove={onPoint}
      onClick={onChoose}
    >
      <Icon className="icon icon-small" aria-hidden="true" />
      <span className="palette-title">
        <Marked text={entry.title} places={entry.places} />
      </span>
      {entry.note !== undefined &&
        (entry.kind === 'command' ? (
          <kbd className="kbd">{entry.note}</kbd>
        ) : (
          <span className="palette-note">{entry.note}</span>
        ))}
    </li>
  );
}

/** A text whose characters at `places` stand out. */
function Marked({ text, places }: { readonly text: string; readonly places: readonly number[] }): ReactElement {
  const parts: ReactElement[] = [];
  let from = 0;
  for (let i = 0; i < places.length;) {
    const start = places[i] as number;
    let end = start + 1;
    for (i++; places[i] === end; i++) end++;
    parts.push(
      <span key={start}>
        {text.slice(from, start)}
        <mark className="palette-mark">{text.slice(start, end)}</mark>
      </span>,
    );
    from = end;
  }
  return (
    <>
      {parts}
      {text.slice(from)}
    </>
  );
}
