import { useLayoutEffect, useSyncExternalStore } from 'react';
import { useUi } from '../views/inspector-context.tsx';

/**
 * Puts how the window is to look onto the document, where tokens.css waits for it: what the person chose, and where that is to
 * follow the system, what the system wishes. A query and a selector cannot be one rule, so the style sheets know the
 * attributes alone.
 */
export function useAppearance(): void {
  const theme = useUi((state) => state.theme);
  const density = useUi((state) => state.density);
  const contrast = useUi((state) => state.contrast);
  const motion = useUi((state) => state.motion);
  const wantsContrast = useSystemWish('(prefers-contrast: more)');
  const wantsCalm = useSystemWish('(prefers-reduced-motion: reduce)');

  useLayoutEffect(() => {
    Object.assign(document.documentElement.dataset, {
      ...{ theme, density },
      contrast: wantsContrast ? 'more' : contrast,
      motion: wantsCalm ? 'less' : motion,
    });
  }, [theme, density, contrast, motion, wantsContrast, wantsCalm]);
}

/** Whether a media query holds. */
function useSystemWish(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}
