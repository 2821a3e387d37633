import { ToggleGroup } from 'radix-ui';
import type { ReactElement } from 'react';
import '../top-bar/cache-mode-control.css';
import { FORM_NAMES } from './body-forms.ts';
import type { BodyForm } from './body-forms.ts';

interface FormSwitchProps {
  readonly forms: readonly BodyForm[];
  readonly form: BodyForm;
  readonly onChange: (form: BodyForm) => void;
}

/** Chooses how a body is shown. */
export function FormSwitch({ forms, form, onChange }: FormSwitchProps): ReactElement | null {
  if (forms.length < 2) return null;
  return (
    <ToggleGroup.Root
      type="single"
      className="segmented"
      data-size="small"
      aria-label="Show the body as"
      value={form}
      onValueChange={(value) => {
        const next = forms.find((candidate) => candidate === value);
        if (next !== undefined) onChange(next);
      }}
    >
      {forms.map((value) => (
        <ToggleGroup.Item key={value} className="segment" value={value}>
          {FORM_NAMES[value]}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
