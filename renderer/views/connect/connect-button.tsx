import { Cable } from 'lucide-react';
import { useEffect } from 'react';
import type { ReactElement } from 'react';
import { Hint } from '../common/hint.tsx';
import { useClients, useInspector, useSession, useT } from '../inspector-context.tsx';
import './connect-button.css';

/** Opens the sheet about clients; tells when the system's proxy leads here. */
export function ConnectButton(): ReactElement {
  const t = useT();
  const { clients, ui } = useInspector();
  const open = useSession((state) => state.connection === 'open');
  const on = useClients((state) => state.systemProxy?.state === 'on');

  useEffect(() => {
    // Somebody may set the system's proxy while this window is out of sight.
    if (!open) return undefined;
    const look = (): void => void clients.refresh();
    look();
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [clients, open]);

  return (
    <Hint text={on ? t('connect.proxyIsSet') : t('connect.connect')}>
      <button
        type="button"
        className="icon-button connect-button"
        aria-label={t('connect.connect')}
        data-size="small"
        data-on={on}
        disabled={!open}
        onClick={() => ui.setState({ connectOpen: true })}
      >
        <Cable className="icon icon-small" />
      </button>
    </Hint>
  );
}
