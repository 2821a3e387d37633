import { ChevronDown, FlaskConical, Server, Unplug } from 'lucide-react';
import { Popover } from 'radix-ui';
import { Suspense, useState } from 'react';
import type { ReactElement } from 'react';
import type { Upstream } from '../../../shared/settings-routes.ts';
import type { Translate } from '../../i18n/translate.ts';
import { visibleText } from '../../format/visible-text.ts';
import { onDemand } from '../common/on-demand.ts';
import { useSession, useT } from '../inspector-context.tsx';
import './upstream-picker.css';

// Its form checks with the settings' schema, which nothing else of a first look needs.
const UpstreamPanel = onDemand(async () => (await import('./upstream-panel.tsx')).UpstreamPanel);

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
      {open && (
        <Suspense fallback={null}>
          <UpstreamPanel upstreams={upstreams} active={active ?? 'none'} onPicked={() => setOpen(false)} />
        </Suspense>
      )}
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
