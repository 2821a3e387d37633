import type { ReactElement } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { LineEditor } from './line-editor.tsx';
import { RowEditor } from './row-editor.tsx';
import { WayOut } from './way-out.tsx';

/** How requests get where they go. */
export function WaySection({ settings }: { readonly settings: Settings }): ReactElement {
  const { upstreams, routes, bypass, dns } = settings;
  return (
    <section className="rules-section">
      <header className="rules-head">
        <h2>Where requests go</h2>
      </header>
      <p className="rules-lead">
        The first route that matches decides. Without one, requests made through Hopscope go the usual way out, and
        requests made to it go to the active upstream.
      </p>
      <WayOut />
      <LineEditor
        label="Reached directly"
        note="One a line: host, *.host, .suffix, address, CIDR block or <local>, with :port where only that is meant."
        placeholder={'localhost\n*.internal.example'}
        saved={bypass}
        patchOf={(lines) => ({ bypass: lines })}
      />
      <RowEditor
        title="Routes"
        note="From top to bottom. A pattern is host[:port][/path] or /path, * stands for any run of characters. Of several targets, the first that can be connected to is taken."
        noun="route"
        ordered
        columns={[
          { key: 'pattern', label: 'Pattern', placeholder: 'api.example.com/v1/*' },
          {
            ...{ key: 'targets', label: 'Targets', placeholder: 'direct, my-proxy' },
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
        title="DNS overrides"
        note="Where connections to a host lead. Its name still stands in Host and in TLS."
        noun="override"
        columns={[
          { key: 'host', label: 'Host', placeholder: 'www.example.com or *.example.com' },
          { key: 'address', label: 'Address', placeholder: '127.0.0.1' },
        ]}
        saved={dns.map(({ host, address }) => ({ host, address }))}
        patchOf={(rows) => ({
          dns: rows.map(({ host = '', address = '' }) => ({ host: host.trim(), address: address.trim() })),
        })}
      />
    </section>
  );
}
