import { Switch } from 'radix-ui';
import type { ReactElement } from 'react';

interface SwitchControlProps {
  readonly id: string;
  readonly describedBy: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

/** On or off. */
export function SwitchControl({ id, describedBy, on, onChange }: SwitchControlProps): ReactElement {
  return (
    <Switch.Root id={id} className="switch" checked={on} aria-describedby={describedBy} onCheckedChange={onChange}>
      <Switch.Thumb className="switch-thumb" />
    </Switch.Root>
  );
}
