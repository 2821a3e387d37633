import { ToggleGroup } from 'radix-ui';
import type { ReactElement } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import type { PlainKey } from '../../i18n/translate.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useSession, useT } from '../inspector-context.tsx';
import './cache-mode-control.css';

type Mode = Settings['cache']['mode'];

const MODES: readonly { readonly mode: Mode; readonly label: PlainKey; readonly meaning: PlainKey }[] = [
  { mode: 'off', label: 'topBar.modeOff', meaning: 'topBar.modeOffMeaning' },
  { mode: 'shared', label: 'topBar.modeShared', meaning: 'topBar.modeSharedMeaning' },
  { mode: 'private', label: 'topBar.modePrivate', meaning: 'topBar.modePrivateMeaning' },
  { mode: 'snapshot', label: 'topBar.modeSnapshot', meaning: 'topBar.modeSnapshotMeaning' },
  { mode: 'offline', label: 'topBar.modeOffline', meaning: 'topBar.modeOfflineMeaning' },
];

/** Switches the cache's mode; the change applies to the next request. */
export function CacheModeControl(): ReactElement {
  const { changeSettings } = useInspector();
  const t = useT();
  const mode = useSession((state) => state.settings?.cache.mode);

  const change = (value: string): void => {
    const next = MODES.find((candidate) => candidate.mode === value);
    // Pressing the active mode again gives an empty value; it stays what it is.
    if (next !== undefined) void changeSettings({ cache: { mode: next.mode } });
  };

  return (
    <ToggleGroup.Root
      type="single"
      className="segmented"
      aria-label={t('topBar.cacheMode')}
      value={mode ?? ''}
      disabled={mode === undefined}
      onValueChange={change}
    >
      {MODES.map(({ mode: value, label, meaning }) => (
        <Hint
          key={value}
          text={
            <>
              <strong>{t(label)}</strong>
              {t(meaning)}
            </>
          }
        >
          <ToggleGroup.Item className="segment" value={value} data-mode={value}>
            {t(label)}
          </ToggleGroup.Item>
        </Hint>
      ))}
    </ToggleGroup.Root>
  );
}
