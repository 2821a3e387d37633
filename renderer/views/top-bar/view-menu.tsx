import { Check, Ellipsis, Keyboard, Send } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { languageName } from '../../i18n/language-name.ts';
import { LANGUAGE_CHOICES } from '../../i18n/language-store.ts';
import type { LanguageChoice } from '../../i18n/language-store.ts';
import { DOCKS, THEMES } from '../../store/ui-store.ts';
import type { Dock, Theme } from '../../store/ui-store.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';

const THEME_NAMES = { system: 'topBar.themeSystem', light: 'topBar.themeLight', dark: 'topBar.themeDark' } as const;
const DOCK_NAMES = { right: 'topBar.dockRight', bottom: 'topBar.dockBottom' } as const;

/** How Hopscope looks, and what is not needed every day. */
export function ViewMenu(): ReactElement {
  const { ui, sendSamples } = useInspector();
  const t = useT();
  const language = useUi((state) => state.language);
  const theme = useUi((state) => state.theme);
  const dock = useUi((state) => state.dock);

  return (
    // Not modal: a modal menu locks scrolling with an inline style sheet, which the page's policy forbids.
    <DropdownMenu.Root modal={false}>
      <Hint text={t('topBar.more')}>
        <DropdownMenu.Trigger className="icon-button" aria-label={t('topBar.more')}>
          <Ellipsis className="icon" />
        </DropdownMenu.Trigger>
      </Hint>
      <DropdownMenu.Content className="floating menu" align="end" sideOffset={6} collisionPadding={8}>
        <DropdownMenu.Label className="menu-label">{t('topBar.theme')}</DropdownMenu.Label>
        <DropdownMenu.RadioGroup value={theme} onValueChange={(value) => ui.setState({ theme: value as Theme })}>
          {THEMES.map((value) => (
            <Choice key={value} value={value}>
              {t(THEME_NAMES[value])}
            </Choice>
          ))}
        </DropdownMenu.RadioGroup>
        <DropdownMenu.Separator className="menu-separator" />
        <DropdownMenu.Label className="menu-label">{t('topBar.details')}</DropdownMenu.Label>
        <DropdownMenu.RadioGroup value={dock} onValueChange={(value) => ui.setState({ dock: value as Dock })}>
          {DOCKS.map((value) => (
            <Choice key={value} value={value}>
              {t(DOCK_NAMES[value])}
            </Choice>
          ))}
        </DropdownMenu.RadioGroup>
        <DropdownMenu.Separator className="menu-separator" />
        <DropdownMenu.Label className="menu-label">{t('topBar.language')}</DropdownMenu.Label>
        <DropdownMenu.RadioGroup
          value={language}
          onValueChange={(value) => ui.setState({ language: value as LanguageChoice })}
        >
          {LANGUAGE_CHOICES.map((value) => (
            <Choice key={value} value={value}>
              {languageName(t, value)}
            </Choice>
          ))}
        </DropdownMenu.RadioGroup>
        <DropdownMenu.Separator className="menu-separator" />
        <DropdownMenu.Item className="menu-item" onSelect={() => void sendSamples()}>
          <span className="menu-check">
            <Send className="icon icon-small" />
          </span>
          {t('topBar.sendSamples')}
        </DropdownMenu.Item>
        <DropdownMenu.Item className="menu-item" onSelect={() => ui.setState({ shortcutsOpen: true })}>
          <span className="menu-check">
            <Keyboard className="icon icon-small" />
          </span>
          {t('topBar.shortcuts')}
        </DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

function Choice({ value, children }: { readonly value: string; readonly children: ReactNode }): ReactElement {
  return (
    <DropdownMenu.RadioItem className="menu-item" value={value}>
      <span className="menu-check">
        <DropdownMenu.ItemIndicator>
          <Check className="icon icon-small" />
        </DropdownMenu.ItemIndicator>
      </span>
      {children}
    </DropdownMenu.RadioItem>
  );
}
