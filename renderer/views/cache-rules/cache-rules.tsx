import type { ReactElement } from 'react';
import { useSession } from '../inspector-context.tsx';
import { GeneralRules, RoomRules } from './general-rules.tsx';
import { OverlaySection } from './overlay-section.tsx';
import './cache-rules.css';

/** How the cache decides where the RFC leaves it a choice, and where it is told to depart from it. */
export function CacheRules(): ReactElement {
  const cache = useSession((state) => state.settings?.cache);
  if (cache === undefined) return <div className="rules" aria-busy="true" />;
  return (
    <div className="rules">
      <div className="rules-content">
        <OverlaySection />
        <GeneralRules cache={cache} />
        <RoomRules cache={cache} />
      </div>
    </div>
  );
}
