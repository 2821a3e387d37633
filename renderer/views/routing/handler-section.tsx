import type { ReactElement } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { LineEditor } from './line-editor.tsx';
import { useT } from '../inspector-context.tsx';

/** Handler classes of the user's own, between the guard and the cache. */
export function HandlerSection({ settings }: { readonly settings: Settings }): ReactElement {
  const t = useT();
  const { handlers } = settings;
  return (
    <section className="rules-section">
      <header className="rules-head">
        <h2>{t('routing.handlers')}</h2>
      </header>
      <LineEditor
        label={t('routing.files')}
        note={t('routing.filesNote')}
        placeholder="/home/ann/hooks/log-cookies.ts"
        saved={handlers.map(({ file }) => file)}
        patchOf={(files) => ({
          handlers: files.map((file) => handlers.find((known) => known.file === file) ?? { file, reload: true }),
        })}
      />
    </section>
  );
}
