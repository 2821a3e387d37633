import type { ReactElement } from 'react';
import { useSession } from '../inspector-context.tsx';
import { AccessSection } from './access-section.tsx';
import { HandlerSection } from './handler-section.tsx';
import { TrustSection } from './trust-section.tsx';
import { UpstreamSection } from './upstream-section.tsx';
import { WaySection } from './way-section.tsx';
import './routing.css';

/** Where requests are sent, on which way, who is believed there, and who may ask. */
export function RoutingPage(): ReactElement {
  const settings = useSession((state) => state.settings);
  if (settings === undefined) return <div className="rules" aria-busy="true" />;
  return (
    <div className="rules routing-page">
      <div className="rules-content">
        <UpstreamSection settings={settings} />
        <WaySection settings={settings} />
        <TrustSection settings={settings} />
        <AccessSection settings={settings} />
        <HandlerSection settings={settings} />
      </div>
    </div>
  );
}
