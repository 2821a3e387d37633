import type { ReactElement } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { LineEditor } from './line-editor.tsx';
import { RowEditor } from './row-editor.tsx';
import { WayOut } from './way-out.tsx';
import { useT } from '../inspector-context.tsx';

/** How requests get where they go. */
export function WaySection({ settings }: { readonly settings: Settings }): ReactElement {
  const t = useT();
  const { upstreams, routes, bypass, dns } = settings;
  return (
    <section className="rules-section">
      <header className="rules-head">
        <h2>{t('routing.whereRequestsGo')}</h2>
      </header>
      <p className="rules-lead">{t('routing.whereRequestsGoNote')}</p>
      <WayOut />
      <LineEditor
        label={t('routing.reachedDirectly')}
        note={t('routing.reachedDirectlyNote', { local: '<local>' })}
        placeholder={'localhost\n*.internal.example'}
        saved={bypass}
        patchOf={(lines) => ({ bypass: lines })}
      />
      <RowEditor
        title={t('routing.routes')}
        note={t('routing.routesNote')}
        noun="Route"
        ordered
        columns={[
          { key: 'pattern', label: t('routing.pattern'), placeholder: 'api.example.com/v1/*' },
          {
            ...{ key: 'targets', label: t('routing.targets'), placeholder: 'direct, my-proxy' },
            words: ['direct', 'system', ...upstreams.map(({ id }) => id)],
          },
        ]}
        saved={routes.map(({ pattern, targets }) => ({ pattern, targets: targets.join(', ') }))}
        patchOf={(rows) => ({
          routes: rows.map(({ pattern = '', targets = '' }) => ({
            pattern: pattern.trim(),
            targets: targets
              .split(',')
              .map((target) => target.trim())
              .filter((target) => target !== ''),
          })),
        })}
      />
      <RowEditor
        title={t('routing.dns')}
        note={t('routing.dnsNote')}
        noun="Override"
        columns={[
          { key: 'host', label: t('routing.host'), placeholder: t('routing.hostExample') },
          { key: 'address', label: t('routing.address'), placeholder: '127.0.0.1' },
        ]}
        saved={dns.map(({ host, address }) => ({ host, address }))}
        patchOf={(rows) => ({
          dns: rows.map(({ host = '', address = '' }) => ({ host: host.trim(), address: address.trim() })),
        })}
      />
    </section>
  );
}
