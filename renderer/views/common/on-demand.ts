import { lazy } from 'react';
import type { ComponentType, LazyExoticComponent } from 'react';
import { loadLaterTexts } from '../../i18n/language-store.ts';

/** A part of the window that is loaded, with its texts, when it is first shown. Parts inside of it are plain `lazy` ones. */
export function onDemand<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  return lazy(async () => {
    const [part] = await Promise.all([load(), loadLaterTexts()]);
    return { default: part };
  });
}
