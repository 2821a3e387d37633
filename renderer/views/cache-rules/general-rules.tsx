import { useId, useState } from 'react';
import type { ReactElement } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import { Row } from '../common/form-rows.tsx';
import { useRoomQuestion } from '../common/room-question.tsx';
import { cacheSettingError } from './setting-check.ts';

type CacheSettings = Settings['cache'];

const MIB = 1024 * 1024;

/** The choices that the RFC leaves to a cache. Each is saved as soon as it is changed. */
export function GeneralRules({ cache }: { readonly cache: CacheSettings }): ReactElement {
  const t = useT();
  return (
    <section className="rules-section">
      <header className="rules-head">
        <h2>{t('cacheRules.choices')}</h2>
      </header>
      <Typed
        name="heuristicFraction"
        label={t('cacheRules.heuristicFraction')}
        note={t('cacheRules.heuristicFractionNote')}
        shown={String(round(cache.heuristicFraction * 100))}
        read={(text) => number(text) / 100}
      />
      <Typed
        name="heuristicCap"
        label={t('cacheRules.heuristicCap')}
        note={t('cacheRules.heuristicCapNote')}
        shown={String(cache.heuristicCap)}
        read={number}
      />
      <Typed
        name="targetedFields"
        label={t('cacheRules.targetedFields')}
        note={t('cacheRules.targetedFieldsNote')}
        shown={cache.targetedFields.join(', ')}
        read={names}
      />
      <Flag
        name="staleWhenUnreachable"
        label={t('cacheRules.staleWhenUnreachable')}
        note={t('cacheRules.staleWhenUnreachableNote')}
        on={cache.staleWhenUnreachable}
      />
      <Flag
        name="cacheStatus"
        label={t('cacheRules.cacheStatus')}
        note={t('cacheRules.cacheStatusNote')}
        on={cache.cacheStatus}
      />
      <SnapshotKey value={cache.snapshotKey} />
    </section>
  );
}

/** Where stored responses are kept, and how much room they have. */
export function RoomRules({ cache }: { readonly cache: CacheSettings }): ReactElement {
  const t = useT();
  return (
    <section className="rules-section">
      <header className="rules-head">
        <h2>{t('cacheRules.room')}</h2>
      </header>
      <p className="rules-lead">{t(cache.store === 'disk' ? 'cacheRules.onDisk' : 'cacheRules.inMemory')}</p>
      <Typed
        name="maxBytes"
        label={t('cacheRules.maxBytes')}
        note={t('cacheRules.maxBytesNote')}
        shown={String(round(cache.maxBytes / MIB))}
        read={(text) => Math.round(number(text) * MIB)}
      />
      <Typed
        name="maxEntries"
        label={t('cacheRules.maxEntries')}
        note={t('cacheRules.maxEntriesNote')}
        shown={String(cache.maxEntries)}
        read={number}
      />
      {cache.store === 'disk' && (
        <Typed
          name="memoryBytes"
          label={t('cacheRules.memoryBytes')}
          note={t('cacheRules.memoryBytesNote')}
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
  const { allows, dialog } = useRoomQuestion();
  const id = useId();
  const [text, setText] = useState<string>();
  const [refusal, setRefusal] = useState<string>();
  const error = text === undefined ? refusal : cacheSettingError(name, read(text));

  const save = async (): Promise<void> => {
    if (text === undefined || error !== undefined) return;
    setText(undefined);
    if (text === shown || !(await allows(name, read(text)))) return;
    const answer = await updateSettings({ cache: { [name]: read(text) } });
    setRefusal(answer.ok ? undefined : answer.error.message);
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
        onBlur={() => void save()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void save();
          if (event.key !== 'Escape' || text === undefined) return;
          event.stopPropagation();
          event.preventDefault();
          setText(undefined);
        }}
      />
      {dialog}
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
  const t = useT();
  const { changeSettings } = useInspector();
  const id = useId();
  return (
    <Row label={t('cacheRules.snapshotKey')} id={id} note={t('cacheRules.snapshotKeyNote')}>
      <select
        id={id}
        className="field"
        value={value}
        onChange={({ target }) =>
          void changeSettings({ cache: { snapshotKey: target.value === 'path' ? 'path' : 'url' } })
        }
      >
        <option value="url">{t('cacheRules.wholeUrl')}</option>
        <option value="path">{t('cacheRules.pathAlone')}</option>
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
