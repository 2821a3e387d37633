import { useId, useState } from 'react';
import type { ReactElement } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { useInspector } from '../inspector-context.tsx';
import { Row } from '../common/form-rows.tsx';
import { cacheSettingError } from './setting-check.ts';

type CacheSettings = Settings['cache'];

const MIB = 1024 * 1024;

/** The choices that the RFC leaves to a cache. Each is saved as soon as it is changed. */
export function GeneralRules({ cache }: { readonly cache: CacheSettings }): ReactElement {
  return (
    <section className="rules-section">
      <header className="rules-head">
        <h2>Where the RFC leaves a choice</h2>
      </header>
      <Typed
        name="heuristicFraction"
        label="Guessed lifetime, in percent"
        note="When a response says nothing of its lifetime, it stays fresh for this part of the time since Last-Modified (RFC 9111 §4.2.2). 0 guesses nothing."
        shown={String(round(cache.heuristicFraction * 100))}
        read={(text) => number(text) / 100}
      />
      <Typed
        name="heuristicCap"
        label="Guessed lifetime, seconds at most"
        note="86400 is a day."
        shown={String(cache.heuristicCap)}
        read={number}
      />
      <Typed
        name="targetedFields"
        label="Fields read before Cache-Control"
        note="Separated by commas; the first that a response has counts, for a shared cache (RFC 9213)."
        shown={cache.targetedFields.join(', ')}
        read={names}
      />
      <Flag
        name="staleWhenUnreachable"
        label="Serve stale responses when the origin cannot be reached"
        note="Unless the response forbids it, as with must-revalidate (RFC 9111 §4.2.4)."
        on={cache.staleWhenUnreachable}
      />
      <Flag
        name="cacheStatus"
        label="Tell clients in Cache-Status why they got what they got"
        note="A response field (RFC 9211) with the verdict, the reason, the lifetime left and the key."
        on={cache.cacheStatus}
      />
      <SnapshotKey value={cache.snapshotKey} />
    </section>
  );
}

/** Where stored responses are kept, and how much room they have. */
export function RoomRules({ cache }: { readonly cache: CacheSettings }): ReactElement {
  return (
    <section className="rules-section">
      <header className="rules-head">
        <h2>Where stored responses are kept</h2>
      </header>
      <p className="rules-lead">
        {cache.store === 'disk'
          ? 'On disk, so that they are there again after a restart; what is used most stays in memory too.'
          : 'In memory alone: they are gone when Hopscope ends.'}{' '}
        When there is no room left, what was used least recently goes.
      </p>
      <Typed
        name="maxBytes"
        label="Room for all of them, in MiB"
        note="1024 MiB are a GiB."
        shown={String(round(cache.maxBytes / MIB))}
        read={(text) => Math.round(number(text) * MIB)}
      />
      <Typed
        name="maxEntries"
        label="How many at most"
        note="However small they are."
        shown={String(cache.maxEntries)}
        read={number}
      />
      {cache.store === 'disk' && (
        <Typed
          name="memoryBytes"
          label="Kept in memory too, in MiB"
          note="So much of what is used most is answered without reading the disk."
          shown={String(round(cache.memoryBytes / MIB))}
          read={(text) => Math.round(number(text) * MIB)}
        />
      )}
    </section>
  );
}

interface TypedProps {
  readonly name: keyof CacheSettings;
  readonly label: string;
  readonly note: string;
  /** The setting as text. */
  readonly shown: string;
  readonly read: (text: string) => unknown;
}

/** A setting that is typed: saved with Enter, or when the field is left; what the schema has against it is told at once. */
function Typed({ name, label, note, shown, read }: TypedProps): ReactElement {
  const { updateSettings } = useInspector();
  const id = useId();
  const [text, setText] = useState<string>();
  const [refusal, setRefusal] = useState<string>();
  const error = text === undefined ? refusal : cacheSettingError(name, read(text));

  const save = (): void => {
    if (text === undefined || error !== undefined) return;
    setText(undefined);
    if (text === shown) return;
    void updateSettings({ cache: { [name]: read(text) } }).then((answer) => {
      setRefusal(answer.ok ? undefined : answer.error.message);
    });
  };

  return (
    <Row label={label} id={id} note={note} error={error}>
      <input
        id={id}
        className="field"
        autoComplete="off"
        spellCheck={false}
        value={text ?? shown}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-more`}
        onChange={({ target }) => setText(target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter') save();
          if (event.key !== 'Escape' || text === undefined) return;
          event.stopPropagation();
          event.preventDefault();
          setText(undefined);
        }}
      />
    </Row>
  );
}

interface FlagProps {
  readonly name: 'staleWhenUnreachable' | 'cacheStatus';
  readonly label: string;
  readonly note: string;
  readonly on: boolean;
}

function Flag({ name, label, note, on }: FlagProps): ReactElement {
  const { changeSettings } = useInspector();
  return (
    <label className="check rule-check">
      <input
        type="checkbox"
        checked={on}
        onChange={({ target }) => void changeSettings({ cache: { [name]: target.checked } })}
      />
      <span>
        {label}
        <span className="section-note">{note}</span>
      </span>
    </label>
  );
}

function SnapshotKey({ value }: { readonly value: CacheSettings['snapshotKey'] }): ReactElement {
  const { changeSettings } = useInspector();
  const id = useId();
  return (
    <Row
      label="The snapshot mode tells responses apart by"
      id={id}
      note="The path alone: one answer for it, whatever the host and the query."
    >
      <select
        id={id}
        className="field"
        value={value}
        onChange={({ target }) =>
          void changeSettings({ cache: { snapshotKey: target.value === 'path' ? 'path' : 'url' } })
        }
      >
        <option value="url">The whole URL</option>
        <option value="path">The path alone</option>
      </select>
    </Row>
  );
}

function number(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function names(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}

/** Without the noise of binary fractions. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
