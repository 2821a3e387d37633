import { lazy } from 'react';
import type { ReactElement } from 'react';
import { useT } from '../inspector-context.tsx';
import type { CodeLanguage } from './code-language.ts';
import type { Finder } from './finder.ts';
import { useFormatted } from './use-formatted.ts';

const CodeEditor = lazy(() => import('./code-editor.tsx').then((module) => ({ default: module.CodeEditor })));

interface PrettyTextProps {
  readonly text: string;
  readonly language: CodeLanguage;
  readonly label: string;
  readonly onFinder: (finder: Finder) => void;
}

/** A text laid out in lines by its language; as it came where that cannot be done. */
export function PrettyText({ text, language, label, onFinder }: PrettyTextProps): ReactElement {
  const t = useT();
  const formatted = useFormatted(t, text, language);
  if (formatted === undefined) return <p className="section-note">{t('body.layingOut')}</p>;
  return (
    <>
      <CodeEditor text={formatted.text} language={language} label={label} onFinder={onFinder} />
      {formatted.note !== undefined && <p className="section-note">{formatted.note}</p>}
    </>
  );
}
