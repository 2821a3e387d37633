import { ArrowRight, RotateCcw } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { writeSetting } from '../../../shared/setting-text.ts';
import { defaultSettings } from '../../../shared/settings.ts';
import { settingPatch, settingValue } from '../../../shared/settings-list.ts';
import type { Setting } from '../../../shared/settings-list.ts';
import { Hint } from '../common/hint.tsx';
import { useRoomQuestion } from '../common/room-question.tsx';
import { useInspector, useSession, useT, useUi } from '../inspector-context.tsx';
import { SettingControl } from './setting-control.tsx';
import { choiceWord } from './settings-sections.ts';

const DEFAULTS = defaultSettings();

/** A setting of the engine: what it is, its value, its flag, and the way back to its default. */
export function SettingRow({ setting }: { readonly setting: Setting }): ReactElement | null {
  const { updateSettings, ui } = useInspector();
  const t = useT();
  const value = useSession(({ settings }) =>
    settings === undefined ? undefined : settingValue(settings, setting.path),
  );
  const wanted = useUi((state) => state.wantedSetting === setting.path);
  const [refusal, setRefusal] = useState('');
  const [declined, setDeclined] = useState(0);
  const { allows, dialog } = useRoomQuestion();
  const row = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (!wanted) return;
    row.current?.scrollIntoView({ block: 'center' });
    row.current?.querySelector<HTMLElement>('input, select, textarea, button')?.focus();
    ui.setState({ wantedSetting: null });
  }, [wanted, ui]);

  if (value === undefined) return null;
  const usual = settingValue(DEFAULTS, setting.path);
  const changed = JSON.stringify(value) !== JSON.stringify(usual);
  const change = async (next: unknown): Promise<void> => {
    if (setting.path.startsWith('cache.') && !(await allows(setting.path.slice('cache.'.length), next))) {
      setDeclined((times) => times + 1);
      return;
    }
    const answer = await updateSettings(settingPatch(setting.path, next));
    setRefusal(answer.ok ? '' : answer.error.message);
  };

  return (
    <div ref={row} className="setting" data-changed={changed} data-setting={setting.path}>
      <div className="setting-words">
        <label id={`${id}-title`} htmlFor={id} className="setting-title">
          {t(`settingTitles.${setting.path}`)}
          {changed && <span className="setting-changed">{t('settings.changed')}</span>}
        </label>
        <p id={`${id}-about`} className="section-note">
          {t(`settingAbouts.${setting.path}`)} {setting.atStart === true && <em>({t('settings.atStart')})</em>}
        </p>
        <code className="setting-flag">{setting.flag}</code>
      </div>
      <div className="setting-value">
        {setting.page === undefined ? (
          <SettingControl
            id={id}
            setting={setting}
            value={value}
            declined={declined}
            onChange={(next) => void change(next)}
          />
        ) : (
          <ElsewhereLink id={id} page={setting.page} count={Array.isArray(value) ? value.length : undefined} />
        )}
        {changed && setting.page === undefined && (
          <ResetButton setting={setting} usual={usual} onReset={() => void change(usual)} />
        )}
        <p className="field-error" role="alert">
          {refusal}
        </p>
        {dialog}
      </div>
    </div>
  );
}

interface ResetButtonProps {
  readonly setting: Setting;
  readonly usual: unknown;
  readonly onReset: () => void;
}

function ResetButton({ setting, usual, onReset }: ResetButtonProps): ReactElement {
  const t = useT();
  const title = t(`settingTitles.${setting.path}`);
  const text = setting.kind === 'choice' ? choiceWord(t, String(usual)) : writeSetting(setting, usual);
  const label =
    setting.kind === 'texts' || text === ''
      ? t('settings.resetList', { title })
      : t('settings.reset', { title, value: text });
  return (
    <Hint text={label}>
      <button type="button" className="icon-button" aria-label={label} onClick={onReset}>
        <RotateCcw className="icon icon-small" />
      </button>
    </Hint>
  );
}

interface ElsewhereLinkProps {
  readonly id: string;
  readonly page: NonNullable<Setting['page']>;
  /** How many things there are; undefined for a single value. */
  readonly count: number | undefined;
}

const EDIT_WORDS = {
  cacheRules: 'settings.editCacheRules',
  rules: 'settings.editRules',
  routing: 'settings.editRouting',
} as const;

/** Leads to the page that edits what is more than a value. */
function ElsewhereLink({ id, page, count }: ElsewhereLinkProps): ReactElement {
  const { ui } = useInspector();
  const t = useT();
  return (
    <div className="setting-elsewhere">
      {count !== undefined && (
        <span className="section-note">{count === 0 ? t('settings.noEntries') : t('settings.entries', { count })}</span>
      )}
      <button
        id={id}
        type="button"
        className="button"
        onClick={() => ui.setState(page === 'cacheRules' ? { page: 'cache', cacheView: 'rules' } : { page })}
      >
        {t(EDIT_WORDS[page])}
        <ArrowRight className="icon icon-small" />
      </button>
    </div>
  );
}
