import { ToggleGroup } from 'radix-ui';
import type { ReactElement } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useSession } from '../inspector-context.tsx';
import './cache-mode-control.css';

type Mode = Settings['cache']['mode'];

const MODES: readonly { readonly mode: Mode; readonly label: string; readonly meaning: string }[] = [
  {
    mode: 'off',
    label: 'Off',
    meaning: 'Every request goes to its origin. Nothing is stored, nothing is answered from the store.',
  },
  {
    mode: 'shared',
    label: 'Shared',
    meaning: 'A shared cache by RFC 9111, as a CDN or gateway is: honours s-maxage, never stores private responses.',
  },
  {
    mode: 'private',
    label: 'Private',
    meaning: "A private cache by RFC 9111, as a browser's is: stores private responses, ignores s-maxage.",
  },
  {
    mode: 'snapshot',
    label: 'Snapshot',
    meaning:
      'The first answer to each URL is kept and served until purged, whatever its headers say. Departs from the RFC.',
  },
  {
    mode: 'offline',
    label: 'Offline',
    meaning:
      'Only the store answers, fresh or not; what it does not have is a 504, and nothing is sent. Departs from the RFC.',
  },
];

/** Switches the cache's mode; the change applies to the next request. */
export function CacheModeControl(): ReactElement {
  const { changeSettings } = useInspector();
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
      aria-label="Cache mode"
      value={mode ?? ''}
      disabled={mode === undefined}
      onValueChange={change}
    >
      {MODES.map(({ mode: value, label, meaning }) => (
        <Hint
          key={value}
          text={
            <>
              <strong>{label}</strong>
              {meaning}
            </>
          }
        >
          <ToggleGroup.Item className="segment" value={value} data-mode={value}>
            {label}
          </ToggleGroup.Item>
        </Hint>
      ))}
    </ToggleGroup.Root>
  );
}
