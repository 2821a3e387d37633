import { Download, Search } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { notify } from '../../store/session-store.ts';
import { Hint } from '../common/hint.tsx';
import { JsonFileButton } from '../common/json-file-button.tsx';
import { saveFile } from '../common/save-file.ts';
import { useInspector, useSession, useT, useUi } from '../inspector-context.tsx';
import { AppearanceRow } from './appearance-row.tsx';
import { APPEARANCE } from './appearance-settings.ts';
import { SettingRow } from './setting-row.tsx';
import { isMatch, saidOf, SECTIONS, settingsOf } from './settings-sections.ts';
import type { SectionName } from './settings-sections.ts';
import { exportSettings, MOST_CHARACTERS, readExport } from './settings-transfer.ts';
import '../common/form-rows.css';
import './settings-page.css';

/** Every setting: those of the engine as its schema has them, and how this window looks. */
export function SettingsPage(): ReactElement {
  const t = useT();
  const known = useSession((state) => state.settings !== undefined);
  const linked = useUi((state) => state.wantedSetting !== null);
  const [typed, setTyped] = useState('');
  // A link to a setting that the search hides would lead nowhere.
  const words = linked ? '' : typed.trim();
  const shown = SECTIONS.map((name) => ({ name, rows: rowsOf(t, name, words) })).filter(({ rows }) => rows.length > 0);

  return (
    <div className="settings-page" aria-busy={!known}>
      <header className="settings-head">
        <h2>{t('settings.title')}</h2>
        <search className="filter-field settings-search" aria-label={t('settings.search')}>
          <Search className="icon icon-small" aria-hidden="true" />
          <input
            id="settings-search"
            className="filter-input"
            type="search"
            aria-label={t('settings.search')}
            placeholder={t('settings.searchPlaceholder')}
            spellCheck={false}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        </search>
        <TransferButtons />
      </header>
      <div className="settings-body">
        <nav className="settings-nav" aria-label={t('settings.sections')}>
          {shown.map(({ name }) => (
            <button key={name} type="button" className="settings-nav-link" onClick={() => showSection(name)}>
              {t(`settings.${name}`)}
            </button>
          ))}
        </nav>
        <div className="settings-sections" tabIndex={-1}>
          {shown.map(({ name, rows }) => (
            <section key={name} id={sectionId(name)} className="settings-section" aria-label={t(`settings.${name}`)}>
              <h3>{t(`settings.${name}`)}</h3>
              {rows}
            </section>
          ))}
          <p className="section-note" role="status">
            {shown.length === 0 && t('settings.none', { words })}
          </p>
        </div>
      </div>
    </div>
  );
}

function rowsOf(t: ReturnType<typeof useT>, section: SectionName, words: string): ReactElement[] {
  if (section === 'appearance') {
    return APPEARANCE.filter(({ title, about, choices, word }) =>
      isMatch(words, [t(title), t(about), ...choices.map((choice) => word(t, choice))]),
    ).map((setting) => <AppearanceRow key={setting.key} setting={setting} />);
  }
  return settingsOf(section)
    .filter((setting) => isMatch(words, saidOf(t, setting)))
    .map((setting) => <SettingRow key={setting.path} setting={setting} />);
}

function sectionId(name: SectionName): string {
  return `settings-${name}`;
}

function showSection(name: SectionName): void {
  const section = document.querySelector<HTMLElement>(`#${sectionId(name)}`);
  section?.scrollIntoView({ block: 'start' });
  section?.querySelector<HTMLElement>('input, select, textarea, button')?.focus({ preventScroll: true });
}

/** Keeps the settings as a file, and takes them over from one: all of it, or nothing when any of it is wrong. */
function TransferButtons(): ReactElement {
  const { session, updateSettings } = useInspector();
  const t = useT();

  const take = async (file: File): Promise<void> => {
    const read = file.size > MOST_CHARACTERS ? { problem: t('settings.tooLarge') } : readExport(t, await file.text());
    const refused = (reason: string): void =>
      notify(session, 'error', t('settings.importFailed', { name: file.name, reason }));
    if ('problem' in read) {
      refused(read.problem);
      return;
    }
    const answer = await updateSettings(read.patch);
    if (answer.ok) notify(session, 'info', t('settings.imported', { name: file.name }));
    else refused(answer.error.message);
  };

  return (
    <>
      <JsonFileButton label={t('settings.import')} onChosen={(file) => void take(file)} />
      <Hint text={t('settings.exportHint')}>
        <button
          type="button"
          className="button"
          onClick={() => {
            const { settings } = session.getState();
            if (settings !== undefined)
              saveFile('hopscope-settings.json', 'application/json', exportSettings(settings));
          }}
        >
          <Download className="icon icon-small" />
          {t('settings.export')}
        </button>
      </Hint>
    </>
  );
}
