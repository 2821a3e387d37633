import { useEffect, useState } from 'react';
import type { Translate } from '../../i18n/translate.ts';
import type { CodeLanguage } from './code-language.ts';

/** Laying out that takes longer (ms) is given up. */
const PATIENCE = 15_000;

export interface Formatted {
  readonly text: string;
  /** Why the text is as it came. */
  readonly note?: string;
}

/** A text laid out in lines by its language; undefined until that is done. */
export function useFormatted(t: Translate, text: string, language: CodeLanguage): Formatted | undefined {
  const [done, setDone] = useState<Formatted & { readonly of: string }>();
  useEffect(() => {
    const worker = new Worker(new URL('./format-worker.ts', import.meta.url), { type: 'module' });
    const finish = (formatted: Formatted): void => {
      clearTimeout(timer);
      worker.terminate();
      setDone({ ...formatted, of: text });
    };
    const timer = setTimeout(() => finish({ text, note: t('body.tookTooLong') }), PATIENCE);
    worker.addEventListener('message', ({ data }: MessageEvent<string>) => finish({ text: data }));
    worker.addEventListener('error', ({ message }) =>
      finish({ text, note: t('body.cannotLayOut', { problem: message }) }),
    );
    worker.postMessage({ text, language });
    return () => {
      clearTimeout(timer);
      worker.terminate();
    };
  }, [t, text, language]);
  return done?.of === text ? done : undefined;
}
