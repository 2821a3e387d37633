import { CACHE_MODES } from '../../shared/decision.ts';
import type { CacheMode } from '../../shared/decision.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import type { DesktopWords } from './desktop-words.ts';

/** What the tray's menu depends on. */
export interface TrayState {
  readonly words: DesktopWords;
  /** Undefined while there is no engine. */
  readonly engine:
    | {
        /** `host:port`; undefined while the proxy does not listen. */
        readonly address: string | undefined;
        readonly recording: boolean;
        readonly cacheMode: CacheMode;
        readonly upstreams: readonly { readonly id: string; readonly label: string }[];
        readonly activeUpstream: string | null;
      }
    | undefined;
}

/** An item of the tray's menu, as data. */
export interface TrayEntry {
  readonly label?: string;
  readonly type?: 'separator' | 'checkbox' | 'radio';
  readonly checked?: boolean;
  readonly enabled?: boolean;
  readonly submenu?: readonly TrayEntry[];
  readonly action?: 'show' | 'quit' | { readonly patch: SettingsPatch };
}

/** The tray's menu: the switches that matter while nobody looks at the window. */
export function trayTemplate({ words, engine }: TrayState): TrayEntry[] {
  return [
    { label: words.menu.show, action: 'show' },
    ...(engine?.address === undefined ? [] : [{ label: engine.address, enabled: false }]),
    separator,
    ...(engine === undefined ? [] : [...switches(words, engine), separator]),
    { label: words.menu.quit, action: 'quit' },
  ];
}

const separator: TrayEntry = { type: 'separator' };

function switches(words: DesktopWords, engine: NonNullable<TrayState['engine']>): TrayEntry[] {
  const { recording, cacheMode, upstreams, activeUpstream } = engine;
  return [
    {
      label: words.menu.record,
      type: 'checkbox',
      checked: recording,
      action: { patch: { record: { paused: recording } } },
    },
    {
      label: words.menu.cache,
      submenu: CACHE_MODES.map((mode) => ({
        label: words.mode[mode],
        type: 'radio',
        checked: mode === cacheMode,
        action: { patch: { cache: { mode } } },
      })),
    },
    {
      label: words.menu.upstream,
      enabled: upstreams.length > 0,
      submenu: upstreams.map(({ id, label }) => ({
        label: label.replaceAll('&', '&&'),
        type: 'radio',
        checked: id === activeUpstream,
        action: { patch: { activeUpstream: id } },
      })),
    },
  ];
}
