import type { ReactElement } from 'react';
import { visibleText } from '../../format/visible-text.ts';
import { Choice } from '../common/form-rows.tsx';
import { useInspector, useSession, useT } from '../inspector-context.tsx';

/** How requests that name their destination get there, unless a route says otherwise. */
export function WayOut(): ReactElement | null {
  const t = useT();
  const { changeSettings } = useInspector();
  const settings = useSession((state) => state.settings);
  if (settings === undefined) return null;
  const ways = settings.upstreams.filter(({ type }) => type === 'proxy' || type === 'pac');
  return (
    <Choice
      label={t('routing.wayOut')}
      value={settings.forwardTo}
      options={[
        ['direct', t('routing.directly')],
        ['system', t('routing.systemProxy')],
        ...ways.map(({ id, label, type }) => [id, `${visibleText(label)} (${type})`] as const),
      ]}
      onChange={(forwardTo) => void changeSettings({ forwardTo })}
    />
  );
}
