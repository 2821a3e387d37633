import { Braces, Network, Pencil, Plus, ScrollText, Server, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { visibleText } from '../../format/visible-text.ts';
import { useInspector } from '../inspector-context.tsx';
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
  const { updateSettings, changeSettings } = useInspector();
  const { upstreams } = settings;
  /** The id of the one in the form; empty for a new one. */
  const [editing, setEditing] = useState<string>();
  const edited = upstreams.find(({ id }) => id === editing);

  return (
    <section className="rules-section">
      <header className="rules-head">
        <h2>Upstreams</h2>
        <button type="button" className="button" disabled={editing !== undefined} onClick={() => setEditing('')}>
          <Plus className="icon icon-small" />
          Add an upstream
        </button>
      </header>
      <p className="rules-lead">
        Servers, applications, proxies and PAC scripts that requests can be sent to or through. A change counts from the
        next request on.
      </p>
      {upstreams.length === 0 && editing === undefined && <p className="section-note">There are none yet.</p>}
      <ul className="routing-list">
        {upstreams.map((upstream) => {
          const Icon = ICONS[upstream.type];
          return (
            <li key={upstream.id} className="routing-item">
              <Icon className="icon" aria-hidden="true" />
              <span className="routing-text">
                <strong>{visibleText(upstream.label)}</strong>
                <span className="section-note">{visibleText(upstreamNote(upstream))}</span>
              </span>
              <Uses settings={settings} id={upstream.id} />
              <span className="badge">{TYPE_WORDS[upstream.type][0]}</span>
              <button
                type="button"
                className="icon-button"
                aria-label={`Edit ${upstream.label}`}
                disabled={editing !== undefined}
                onClick={() => setEditing(upstream.id)}
              >
                <Pencil className="icon icon-small" />
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={`Delete ${upstream.label}`}
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
          title={edited === undefined ? 'A new upstream' : `Edit “${visibleText(edited.label)}”`}
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
  const routes = settings.routes.filter(({ targets }) => targets.includes(id)).length;
  return (
    <>
      {settings.activeUpstream === id && (
        <span className="badge" data-tone="info">
          Active
        </span>
      )}
      {settings.forwardTo === id && (
        <span className="badge" data-tone="info">
          Way out
        </span>
      )}
      {routes > 0 && (
        <span className="badge" data-tone="info">
          {routes === 1 ? '1 route' : `${routes} routes`}
        </span>
      )}
    </>
  );
}
