import { ToggleGroup } from 'radix-ui';
import type { ReactElement } from 'react';
import '../top-bar/cache-mode-control.css';
import { useT } from '../inspector-context.tsx';
import { formName } from './body-forms.ts';
import type { BodyForm } from './body-forms.ts';

interface FormSwitchProps {
  readonly forms: readonly BodyForm[];
  readonly form: BodyForm;
  readonly onChange: (form: BodyForm) => void;
}

/** Chooses how a body is shown. */
export function FormSwitch({ forms, form, onChange }: FormSwitchProps): ReactElement | null {
  const t = useT();
  if (forms.length < 2) return null;
  return (
    <ToggleGroup.Root
      type="single"
      className="segmented"
      data-size="small"
      aria-label={t('body.showAs')}
      value={form}
      onValueChange={(value) => {
        const next = forms.find((candidate) => candidate === value);
        if (next !== undefined) onChange(next);
      }}
    >
      {forms.map((value) => (
        <ToggleGroup.Item key={value} className="segment" value={value}>
          {formName(t, value)}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
