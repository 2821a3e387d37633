import { useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';

/** The width of an element inside of its borders, again whenever it changes; `before` it is known. */
export function useElementWidth(ref: RefObject<HTMLElement | null>, before: number): number {
  const [width, setWidth] = useState(before);

  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);

  return width;
}
