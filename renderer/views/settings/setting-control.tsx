import { useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { readSetting, writeSetting } from '../../../shared/setting-text.ts';
import type { Setting } from '../../../shared/settings-list.ts';
import { problemSentence } from '../../format/problem-sentence.ts';
import { visibleText } from '../../format/visible-text.ts';
import type { Translate } from '../../i18n/translate.ts';
import { useT } from '../inspector-context.tsx';
import { choiceWord } from './settings-sections.ts';
import { SwitchControl } from './switch-control.tsx';

interface SettingControlProps {
  readonly id: string;
  readonly setting: Setting;
  readonly value: unknown;
  /** How often a value was typed and then not wanted after all: what is shown is the setting's own again. */
  readonly declined: number;
  /** Takes a value that the setting's schema has let through. */
  readonly onChange: (value: unknown) => void;
}

/** The control that a setting's kind asks for. */
export function SettingControl({ id, setting, value, declined, onChange }: SettingControlProps): ReactElement {
  const t = useT();
  switch (setting.kind) {
    case 'switch':
      return <SwitchControl id={id} describedBy={`${id}-about`} on={value === true} onChange={onChange} />;
    case 'choice':
      return (
        <select
          id={id}
          className="field"
          value={String(value)}
          aria-describedby={`${id}-about`}
          onChange={({ target }) => onChange(target.value)}
        >
          {setting.choices.map((choice) => (
            <option key={choice} value={choice}>
              {choiceWord(t, choice)}
            </option>
          ))}
        </select>
      );
    default:
      return <TypedControl id={id} setting={setting} value={value} declined={declined} onChange={onChange} />;
  }
}

/** A value that is typed: checked with every letter, taken over with Enter or when the field is left. */
function TypedControl({ id, setting, value, declined, onChange }: SettingControlProps): ReactElement {
  const t = useT();
  const saved = typedText(setting, value);
  const [text, setText] = useState(saved);
  // Whoever changes it elsewhere changes it here, and the field with the keyboard stays the same one.
  const state = `${declined} ${saved}`;
  const [shown, setShown] = useState(state);
  if (shown !== state) {
    setShown(state);
    setText(saved);
  }
  const read = readSetting(setting, text);
  const lines = setting.kind === 'texts';

  const commit = (): void => {
    if (!read.ok || text === saved) return;
    if (JSON.stringify(read.value) === JSON.stringify(value)) setText(saved);
    else onChange(read.value);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // First what was typed goes, then the keyboard leaves, so that the window's keys are keys again.
    if (event.key === 'Escape' && text !== saved) setText(saved);
    else if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
    else if (event.key === 'Enter' && (!lines || event.ctrlKey || event.metaKey)) commit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shared = {
    ...{ id, value: text, spellCheck: false, onKeyDown, onBlur: commit },
    'aria-invalid': !read.ok,
    'aria-describedby': `${id}-about ${id}-problem`,
  };

  return (
    <>
      {lines ? (
        <textarea
          {...shared}
          className="field setting-lines"
          rows={Math.min(6, Math.max(2, text.split('\n').length))}
          placeholder={t('settings.linesNote')}
          onChange={({ target }) => setText(target.value)}
        />
      ) : (
        <input
          {...shared}
          className="field"
          type="text"
          autoComplete="off"
          onChange={({ target }) => setText(target.value)}
        />
      )}
      <p id={`${id}-problem`} className="field-error setting-problem" role="alert">
        {read.ok ? '' : problemOf(t, setting, read.message)}
      </p>
    </>
  );
}

/** Of a list, the text that is wrong comes first, and is nobody's phrase. */
function problemOf(t: Translate, { kind }: Setting, message: string): string {
  const [, text, problem] = (kind === 'texts' && /^(\S+): (.+)$/s.exec(message)) || [];
  if (text === undefined || problem === undefined) return problemSentence(t, message);
  return `${visibleText(text)}: ${problemSentence(t, problem)}`;
}

function typedText(setting: Setting, value: unknown): string {
  return setting.kind === 'texts' ? (value as readonly string[]).join('\n') : writeSetting(setting, value);
}
