import { ToggleGroup } from 'radix-ui';
import { useId } from 'react';
import type { ReactElement } from 'react';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import type { AppearanceSetting } from './appearance-settings.ts';

/** A choice about this window: all of it is in sight, and one press changes it. */
export function AppearanceRow({ setting }: { readonly setting: AppearanceSetting }): ReactElement {
  const { ui } = useInspector();
  const t = useT();
  const { key, title, about, choices, word } = setting;
  const value = useUi((state) => state[key]);
  const id = useId();
  return (
    <div className="setting" data-setting={key}>
      <div className="setting-words">
        <span id={id} className="setting-title">
          {t(title)}
        </span>
        <p id={`${id}-about`} className="section-note">
          {t(about)}
        </p>
      </div>
      <div className="setting-value">
        <ToggleGroup.Root
          type="single"
          className="segmented"
          aria-labelledby={id}
          aria-describedby={`${id}-about`}
          value={value}
          onValueChange={(next) => {
            // Pressing the active one again gives an empty value; it stays what it is.
            if (next !== '') ui.setState({ [key]: next });
          }}
        >
          {choices.map((choice) => (
            <ToggleGroup.Item key={choice} className="segment" value={choice}>
              {word(t, choice)}
            </ToggleGroup.Item>
          ))}
        </ToggleGroup.Root>
      </div>
    </div>
  );
}
