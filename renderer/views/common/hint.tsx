import { Tooltip } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';

interface HintProps {
  /** What the tooltip says. */
  readonly text: ReactNode;
  readonly keys?: string | undefined;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  /** The one element that is explained. */
  readonly children: ReactElement;
}

/** Explains an element on hover and on keyboard focus. */
export function Hint({ text, keys, side = 'bottom', children }: HintProps): ReactElement {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tooltip" side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {keys !== undefined && <kbd className="kbd">{keys}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
