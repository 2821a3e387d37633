import { Braces, Network, Pencil, Plus, ScrollText, Server, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { visibleText } from '../../format/visible-text.ts';
import { useKeptFocus } from '../common/use-kept-focus.ts';
import { useInspector, useT } from '../inspector-context.tsx';
import { draftOf, newDraft } from './upstream-draft.ts';
import type { UpstreamType } from './upstream-draft.ts';
import { UpstreamForm } from './upstream-form.tsx';
import { TYPE_WORDS, upstreamNote } from './upstream-words.ts';
import { withoutUpstream } from './without-upstream.ts';

const ICONS: Readonly<Record<UpstreamType, typeof Server>> = {
  ...{ origin: Server, proxy: Network, pac: ScrollText, application: Braces },
};

/** Every upstream there is, of any type. */
export function UpstreamSection({ settings }: { readonly settings: Settings }): ReactElement {
  const t = useT();
  const { updateSettings, changeSettings } = useInspector();
  const root = useKeptFocus();
  const { upstreams } = settings;
  /** The id of the one in the form; empty for a new one. */
  const [editing, setEditing] = useState<string>();
  const edited = upstreams.find(({ id }) => id === editing);

  return (
    <section className="rules-section" ref={root}>
      <header className="rules-head">
        <h2>{t('routing.upstreams')}</h2>
        <button
          type="button"
          className="button"
          data-focus-heir
          disabled={editing !== undefined}
          onClick={() => setEditing('')}
        >
          <Plus className="icon icon-small" />
          {t('routing.addUpstream')}
        </button>
      </header>
      <p className="rules-lead">{t('routing.upstreamsNote')}</p>
      {upstreams.length === 0 && editing === undefined && <p className="section-note">{t('routing.noUpstreams')}</p>}
      <ul className="routing-list">
        {upstreams.map((upstream) => {
          const Icon = ICONS[upstream.type];
          return (
            <li key={upstream.id} className="routing-item">
              <Icon className="icon" aria-hidden="true" />
              <span className="routing-text">
                <strong>{visibleText(upstream.label)}</strong>
                <span className="section-note">{visibleText(upstreamNote(t, upstream))}</span>
              </span>
              <Uses settings={settings} id={upstream.id} />
              <span className="badge">{t(TYPE_WORDS[upstream.type][0])}</span>
              <button
                type="button"
                className="icon-button"
                aria-label={t('routing.edit', { name: upstream.label })}
                disabled={editing !== undefined}
                onClick={() => setEditing(upstream.id)}
              >
                <Pencil className="icon icon-small" />
              </button>
              <button
                type="button"
                className="icon-button"
                data-removes
                aria-label={t('routing.delete', { name: upstream.label })}
                disabled={editing !== undefined}
                onClick={() => void changeSettings(withoutUpstream(settings, upstream.id))}
              >
                <Trash2 className="icon icon-small" />
              </button>
            </li>
          );
        })}
      </ul>
      {editing !== undefined && (
        <UpstreamForm
          key={editing}
          title={
            edited === undefined
              ? t('routing.newUpstream')
              : t('routing.editTitle', { name: visibleText(edited.label) })
          }
          initial={edited === undefined ? newDraft('proxy') : draftOf(edited)}
          id={edited?.id}
          existing={upstreams}
          onCancel={() => setEditing(undefined)}
          onSave={async (made) => {
            const list =
              edited === undefined ? [...upstreams, made] : upstreams.map((one) => (one === edited ? made : one));
            const answer = await updateSettings({ upstreams: list });
            if (!answer.ok) return answer.error.message;
            setEditing(undefined);
            return undefined;
          }}
        />
      )}
    </section>
  );
}

/** What an upstream is used for, in badges. */
function Uses({ settings, id }: { readonly settings: Settings; readonly id: string }): ReactElement {
  const t = useT();
  const routes = settings.routes.filter(({ targets }) => targets.includes(id)).length;
  return (
    <>
      {settings.activeUpstream === id && (
        <span className="badge" data-tone="info">
          {t('routing.active')}
        </span>
      )}
      {settings.forwardTo === id && (
        <span className="badge" data-tone="info">
          {t('routing.wayOut')}
        </span>
      )}
      {routes > 0 && (
        <span className="badge" data-tone="info">
          {t('routing.routesCount', { count: routes })}
        </span>
      )}
    </>
  );
}
