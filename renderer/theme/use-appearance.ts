import { useLayoutEffect } from 'react';
import { useUi } from '../views/inspector-context.tsx';

/** Puts what the person chose about the window's looks onto the document, where tokens.css waits for it. */
export function useAppearance(): void {
  const theme = useUi((state) => state.theme);
  const contrast = useUi((state) => state.contrast);
  const motion = useUi((state) => state.motion);
  const density = useUi((state) => state.density);

  useLayoutEffect(() => {
    Object.assign(document.documentElement.dataset, { theme, contrast, motion, density });
  }, [theme, contrast, motion, density]);
}
