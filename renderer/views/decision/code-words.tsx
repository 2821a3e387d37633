import type { ReactElement } from 'react';
import { RawText } from '../common/raw-text.tsx';

/** A sentence of the cache's: what stands in backticks is set as code. Values in it come from traffic and are untrusted. */
export function CodeWords({ text }: { readonly text: string }): ReactElement {
  const parts = text.slice(0, 10_000).split('`');
  return (
    <>
      {parts.map((part, index) => {
        // An opening backtick without a closing one is only a character.
        const isCode = index % 2 === 1 && index < parts.length - 1;
        if (isCode) {
          return (
            <code key={index} className="code-word-inline">
              <RawText text={part} limit={600} />
            </code>
          );
        }
        return part === '' ? null : <RawText key={index} text={index % 2 === 1 ? `\`${part}` : part} />;
      })}
    </>
  );
}
