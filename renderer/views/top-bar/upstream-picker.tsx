import { Braces, ChevronDown, FlaskConical, Server, Trash2, Unplug } from 'lucide-react';
import { Popover, RadioGroup } from 'radix-ui';
import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { ApplicationUpstream, OriginUpstream, Upstream } from '../../../shared/settings-routes.ts';
import { Rich } from '../../i18n/rich.tsx';
import type { Translate } from '../../i18n/translate.ts';
import { visibleText } from '../../format/visible-text.ts';
import { useInspector, useSession, useT } from '../inspector-context.tsx';
import { WayOut } from '../routing/way-out.tsx';
import { withoutUpstream } from '../routing/without-upstream.ts';
import { AddUpstream } from './add-upstream.tsx';
import './upstream-picker.css';

const NONE: readonly Upstream[] = [];

/** Where requests made to Hopscope itself are sent: the demo site, one of the configured upstreams, or nowhere. */
export function UpstreamPicker(): ReactElement {
  const upstreams = useSession((state) => state.settings?.upstreams ?? NONE);
  const active = useSession((state) => state.settings?.activeUpstream);
  const [open, setOpen] = useState(false);
  const t = useT();
  const name = activeLabel(t, active, upstreams);

  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        className="button upstream-trigger"
        disabled={active === undefined}
        aria-label={t('topBar.upstreamNow', { name })}
      >
        {activeIcon(active)}
        <span className="upstream-trigger-label">{visibleText(name)}</span>
        <ChevronDown className="icon icon-small" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="floating upstream-panel"
          aria-label={t('topBar.upstream')}
          align="end"
          sideOffset={6}
          collisionPadding={8}
        >
          <UpstreamPanel upstreams={upstreams} active={active ?? 'none'} onPicked={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function activeLabel(t: Translate, active: string | undefined, upstreams: readonly Upstream[]): string {
  if (active === undefined) return '…';
  if (active === 'demo') return t('topBar.demo');
  return upstreams.find((upstream) => upstream.id === active)?.label ?? t('topBar.none');
}

function activeIcon(active: string | undefined): ReactElement {
  if (active === 'demo') return <FlaskConical className="icon icon-small" />;
  return active === 'none' ? <Unplug className="icon icon-small" /> : <Server className="icon icon-small" />;
}

interface UpstreamPanelProps {
  readonly upstreams: readonly Upstream[];
  readonly active: string;
  readonly onPicked: () => void;
}

function UpstreamPanel({ upstreams, active, onPicked }: UpstreamPanelProps): ReactElement {
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
    <>
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
        <Option id="none" icon={<Unplug className="icon" />} title={t('topBar.none')} note={t('topBar.forwardOnly')} />
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
    </>
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
