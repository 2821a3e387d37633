import type { Play } from 'lucide-react';
import type { ReactElement } from 'react';
import { keysOf } from '../../commands/key-combination.ts';

interface ContinueButtonProps {
  readonly icon: typeof Play;
  readonly words: string;
}

/** Lets what is paused go on, as its form says. */
export function ContinueButton({ icon: Icon, words }: ContinueButtonProps): ReactElement {
  return (
    <button type="submit" className="button" data-kind="primary">
      <Icon className="icon icon-small" />
      {words}
      <kbd className="kbd" aria-hidden="true">
        {keysOf('rules.continue')}
      </kbd>
    </button>
  );
}
