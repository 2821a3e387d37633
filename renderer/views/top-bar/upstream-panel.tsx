import { Braces, FlaskConical, Server, Trash2, Unplug } from 'lucide-react';
import { Popover, RadioGroup } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import type { ApplicationUpstream, OriginUpstream, Upstream } from '../../../shared/settings-routes.ts';
import { visibleText } from '../../format/visible-text.ts';
import { Rich } from '../../i18n/rich.tsx';
import { useInspector, useSession, useT } from '../inspector-context.tsx';
import { WayOut } from '../routing/way-out.tsx';
import { withoutUpstream } from '../routing/without-upstream.ts';
import { AddUpstream } from './add-upstream.tsx';
import './upstream-panel.css';

interface UpstreamPanelProps {
  readonly upstreams: readonly Upstream[];
  readonly active: string;
  readonly onPicked: () => void;
}

/** What opens below the picker: the servers to choose from, and a form for another one. */
export function UpstreamPanel({ upstreams, active, onPicked }: UpstreamPanelProps): ReactElement {
  const { changeSettings, session, ui } = useInspector();
  const t = useT();
  const demoUrl = useSession((state) => state.status?.demoUrl);

  const pick = (activeUpstream: string): void => {
    void changeSettings({ activeUpstream }).then((done) => {
      if (done) onPicked();
    });
  };

  const remove = (id: string): void => {
    const { settings } = session.getState();
    if (settings !== undefined) void changeSettings(withoutUpstream(settings, id));
  };

  return (
    <Popover.Portal>
      <Popover.Content
        className="floating upstream-panel"
        aria-label={t('topBar.upstream')}
        align="end"
        sideOffset={6}
        collisionPadding={8}
      >
        <p className="upstream-intro">
          <Rich of="topBar.upstreamIntro" with={{ em: (text) => <em>{text}</em> }} />
        </p>
        <RadioGroup.Root
          className="upstream-options"
          aria-label={t('topBar.upstream')}
          value={active}
          onValueChange={pick}
        >
          <Option
            id="demo"
            icon={<FlaskConical className="icon" />}
            title={t('topBar.demo')}
            note={demoUrl ?? t('topBar.builtIn')}
          />
          {upstreams.filter(isServer).map((upstream) => (
            <Option
              key={upstream.id}
              id={upstream.id}
              icon={upstream.type === 'origin' ? <Server className="icon" /> : <Braces className="icon" />}
              title={upstream.label}
              note={
                upstream.type === 'origin'
                  ? upstream.url
                  : t('topBar.moduleIn', { module: upstream.module, directory: upstream.directory })
              }
              onRemove={() => remove(upstream.id)}
            />
          ))}
          <Option
            id="none"
            icon={<Unplug className="icon" />}
            title={t('topBar.none')}
            note={t('topBar.forwardOnly')}
          />
        </RadioGroup.Root>
        <AddUpstream upstreams={upstreams} onAdded={onPicked} />
        <div className="upstream-more">
          <WayOut />
          <button
            type="button"
            className="link-button"
            onClick={() => {
              ui.setState({ page: 'routing' });
              onPicked();
            }}
          >
            {t('topBar.moreRouting')}
          </button>
        </div>
      </Popover.Content>
    </Popover.Portal>
  );
}

/** Whether everything that asks Hopscope itself can go there; a mounted application answers its own path anyway. */
function isServer(upstream: Upstream): upstream is OriginUpstream | ApplicationUpstream {
  return upstream.type === 'origin' || (upstream.type === 'application' && upstream.mount === '/');
}

interface OptionProps {
  readonly id: string;
  readonly icon: ReactNode;
  readonly title: string;
  readonly note: string;
  readonly onRemove?: () => void;
}

function Option({ id, icon, title, note, onRemove }: OptionProps): ReactElement {
  const t = useT();
  return (
    <div className="upstream-option">
      <RadioGroup.Item className="upstream-radio" value={id}>
        <span className="upstream-dot" aria-hidden="true" />
        {icon}
        <span className="upstream-text">
          <span>{visibleText(title)}</span>
          <span className="upstream-note">{visibleText(note)}</span>
        </span>
      </RadioGroup.Item>
      {onRemove !== undefined && (
        <button
          type="button"
          className="icon-button"
          data-size="small"
          aria-label={t('topBar.remove', { name: title })}
          onClick={onRemove}
        >
          <Trash2 className="icon icon-small" />
        </button>
      )}
    </div>
  );
}
