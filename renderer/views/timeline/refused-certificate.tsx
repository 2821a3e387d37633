import type { ReactElement } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { useInspector, useSession, useT } from '../inspector-context.tsx';

/** The way out when a client refuses Hopscope's certificate for good: to leave the host's TLS as it is. */
export function RefusedCertificate({ view }: { readonly view: ExchangeView }): ReactElement | null {
  const t = useT();
  const { changeSettings } = useInspector();
  const passthrough = useSession((state) => state.settings?.tls.passthrough);
  const host = view.url.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  // A client that spoke TLS to the proxy itself has no host to pass through to.
  if (view.kind !== 'tunnel' || passthrough === undefined) return null;
  if (passthrough.includes(host)) return <p className="section-note">{t('timeline.passedThrough', { host })}</p>;
  return (
    <button
      type="button"
      className="button"
      onClick={() => void changeSettings({ tls: { passthrough: [...passthrough, host] } })}
    >
      {t('timeline.passThrough', { host })}
    </button>
  );
}
