import { useState } from 'react';
import type { ReactElement } from 'react';
import { COMMAND_IDS, COMMAND_SECTIONS, commandFacts } from '../../../shared/commands.ts';
import type { CommandSection } from '../../../shared/commands.ts';
import { keyWords } from '../../commands/key-combination.ts';
import { WIDGET_KEYS } from '../../commands/widget-keys.ts';
import type { Translate } from '../../i18n/translate.ts';
import { Sheet } from '../common/sheet.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import './keyboard-sheet.css';

interface Line {
  readonly section: CommandSection;
  readonly title: string;
  /** Combinations as they stand on the keys. */
  readonly keys: readonly string[];
}

/** The keyboard map: every command that has keys, and the keys of the window's parts. */
export function KeyboardSheet(): ReactElement {
  const { ui } = useInspector();
  const [wanted, setWanted] = useState('');
  const t = useT();
  const lines = keyboardLines(t).filter((line) => isWanted(line, wanted));
  return (
    <Sheet title={t('commands.shortcuts')} open onClose={() => ui.setState({ shortcutsOpen: false })}>
      <input
        className="field keyboard-search"
        type="search"
        aria-label={t('commands.searchShortcuts')}
        placeholder={t('commands.shortcutPlaceholder')}
        spellCheck={false}
        data-focus-first
        value={wanted}
        onChange={({ target }) => setWanted(target.value)}
      />
      <div className="keyboard-sections">
        {COMMAND_SECTIONS.map((section) => (
          <KeyboardSection key={section} section={section} lines={lines.filter((line) => line.section === section)} />
        ))}
      </div>
      <p className="section-note" role="status">
        {lines.length === 0 && t('commands.noShortcut')}
      </p>
    </Sheet>
  );
}

function KeyboardSection({
  section,
  lines,
}: {
  readonly section: CommandSection;
  readonly lines: readonly Line[];
}): ReactElement | null {
  const t = useT();
  if (lines.length === 0) return null;
  return (
    <section className="keyboard-section">
      <h3>{t(`commands.${section}`)}</h3>
      <dl>
        {lines.map(({ title, keys }) => (
          <div key={title} className="keyboard-line">
            <dt>{title}</dt>
            <dd>
              {keys.map((combination) => (
                <kbd key={combination} className="kbd">
                  {combination}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function keyboardLines(t: Translate): Line[] {
  const commands = COMMAND_IDS.map((id) => ({ ...commandFacts(id), title: t(`commandTitles.${id}`) }));
  const others = WIDGET_KEYS.map(({ section, keys, title }) => ({ section, keys, title: t(title) }));
  return [...commands, ...others]
    .filter(({ keys }) => keys.length > 0)
    .map(({ section, title, keys }) => ({ section, title, keys: keys.map((one) => keyWords(one)) }));
}

/** Every word of what is wanted stands in the title, or is one of the keys. */
function isWanted({ title, keys }: Line, wanted: string): boolean {
  const text = `${title} ${keys.join(' ')}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
