import type { ReactElement } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { LineEditor } from './line-editor.tsx';

/** Handler classes of the user's own, between the guard and the cache. */
export function HandlerSection({ settings }: { readonly settings: Settings }): ReactElement {
  const { handlers } = settings;
  return (
    <section className="rules-section">
      <header className="rules-head">
        <h2>Handlers</h2>
      </header>
      <LineEditor
        label="Files"
        note="Absolute paths of TypeScript or JavaScript files that export a class that extends RequestHandler, one a line, outermost first."
        placeholder="/home/ann/hooks/log-cookies.ts"
        saved={handlers.map(({ file }) => file)}
        patchOf={(files) => ({
          handlers: files.map((file) => handlers.find((known) => known.file === file) ?? { file, reload: true }),
        })}
      />
    </section>
  );
}
