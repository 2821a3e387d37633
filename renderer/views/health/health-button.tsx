import { HeartPulse } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { useApp, useInspector, useT } from '../inspector-context.tsx';
import { findingWords } from './finding-words.ts';
import { FindingCard } from './finding-card.tsx';
import { followHealth, lookAtHealth } from './follow-health.ts';
import { UpdateSection } from './update-section.tsx';
import './health.css';

/** How Hopscope is: what was found, what helps with one click, and whether there is a newer version. */
export function HealthButton(): ReactElement {
  const inspector = useInspector();
  const t = useT();
  const health = useApp((state) => state.health);
  const [open, setOpen] = useState(false);
  useEffect(() => followHealth(inspector), [inspector]);
  const count = health?.findings.filter((finding) => findingWords(t, finding).tone === 'problem').length ?? 0;
  const label = count === 0 ? t('health.sound') : t('health.button', { count });

  return (
    <Popover.Root
      open={open}
      onOpenChange={(opening) => {
        setOpen(opening);
        if (opening) void lookAtHealth(inspector);
      }}
    >
      <Popover.Trigger className="icon-button health-trigger" aria-label={label} title={label}>
        <HeartPulse className="icon" />
        {count > 0 && <span className="health-dot" aria-hidden="true" />}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="floating health-panel"
          aria-label={t('health.title')}
          align="end"
          sideOffset={6}
          collisionPadding={8}
        >
          <h2>{t('health.title')}</h2>
          {health === undefined && <p>{t('health.looking')}</p>}
          {health?.findings.length === 0 && <p>{t('health.allWell')}</p>}
          {health?.findings.map((finding) => (
            <FindingCard
              key={finding.id}
              finding={finding}
              repairable={health.repairable.includes(finding.id)}
              onClose={() => setOpen(false)}
            />
          ))}
          <UpdateSection />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
