import { Database, DatabaseZap, Send } from 'lucide-react';
import type { ReactElement } from 'react';
import { CopyButton } from '../common/copy-button.tsx';
import { EmptyState } from '../common/empty-state.tsx';
import { useInspector, useSession } from '../inspector-context.tsx';

/** Why nothing is stored, and the next step. */
export function NothingStored(): ReactElement {
  const { changeSettings, sendSamples, ui } = useInspector();
  const mode = useSession((state) => state.settings?.cache.mode);
  const proxyUrl = useSession((state) => state.status?.proxyUrl);
  const active = useSession((state) => state.settings?.activeUpstream);
  if (mode === 'off') {
    return (
      <EmptyState icon={<DatabaseZap className="icon" />} title="The cache is off">
        <p>Every request goes to its origin, and nothing is stored. Switch the cache on to keep what may be reused.</p>
        <button
          type="button"
          className="button"
          data-kind="primary"
          onClick={() => void changeSettings({ cache: { mode: 'shared' } })}
        >
          Switch to a shared cache
        </button>
      </EmptyState>
    );
  }
  if (mode === 'offline') {
    return (
      <EmptyState icon={<DatabaseZap className="icon" />} title="Nothing is stored, and the cache is offline">
        <p>In this mode only the store answers and nothing new comes in. Choose another mode to fill it first.</p>
        <button
          type="button"
          className="button"
          data-kind="primary"
          onClick={() => void changeSettings({ cache: { mode: 'shared' } })}
        >
          Switch to a shared cache
        </button>
      </EmptyState>
    );
  }
  const command = `curl -x ${proxyUrl ?? 'http://127.0.0.1:9000'} http://example.com/`;
  return (
    <EmptyState icon={<Database className="icon" />} title="Nothing is stored yet">
      <p>
        Responses that may be reused show up here as they pass through Hopscope. The Cache tab of a request says why its
        response was stored, or why not.
      </p>
      {active === 'demo' ? (
        <button type="button" className="button" data-kind="primary" onClick={() => void sendSamples()}>
          <Send className="icon icon-small" />
          Send sample traffic
        </button>
      ) : (
        <div className="command">
          <code>{command}</code>
          <CopyButton text={command} label="Copy the command" size="small" />
        </div>
      )}
      <button type="button" className="link-button" onClick={() => ui.setState({ page: 'traffic' })}>
        Go to the traffic
      </button>
    </EmptyState>
  );
}
