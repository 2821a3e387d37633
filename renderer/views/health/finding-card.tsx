import { CircleAlert, Info } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { Finding } from '../../../shared/health-contract.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { findingWords } from './finding-words.ts';
import { repair } from './follow-health.ts';

interface FindingCardProps {
  readonly finding: Finding;
  readonly repairable: boolean;
  readonly onClose: () => void;
}

/** One finding: what is, what it means, and what helps. */
export function FindingCard({ finding, repairable, onClose }: FindingCardProps): ReactElement {
  const t = useT();
  const { title, text, tone } = findingWords(t, finding);
  return (
    <section className="finding" data-tone={tone}>
      {tone === 'problem' ? <CircleAlert className="icon" /> : <Info className="icon" />}
      <div className="finding-body">
        <h3>{title}</h3>
        <p>{text}</p>
        <Help finding={finding} repairable={repairable} onClose={onClose} />
      </div>
    </section>
  );
}

function Help({ finding, repairable, onClose }: FindingCardProps): ReactElement | null {
  const { ui } = useInspector();
  const t = useT();
  switch (finding.id) {
    case 'port-taken':
      return repairable ? <PortForm wanted={finding.wanted} /> : <p>{t('health.portTakenCommand')}</p>;
    case 'ca-untrusted':
      return (
        <div className="finding-actions">
          {repairable && <RepairButton finding={finding} label={t('health.caUntrustedFix')} />}
          <span className="finding-command">
            <code>{finding.command}</code>
            <CopyButton text={finding.command} label={t('common.copyCommand')} size="small" />
          </span>
        </div>
      );
    case 'not-used':
      return (
        <div className="finding-actions">
          {repairable && <RepairButton finding={finding} label={t('health.notUsedFix')} />}
          <button
            type="button"
            className="button"
            onClick={() => {
              onClose();
              ui.setState({ connectOpen: true });
            }}
          >
            {t('health.connect')}
          </button>
        </div>
      );
    case 'cache-store':
      return repairable ? <RepairButton finding={finding} label={t('health.cacheStoreFix')} /> : null;
    default:
      return null;
  }
}

function RepairButton({ finding, label }: { readonly finding: Finding; readonly label: string }): ReactElement {
  const inspector = useInspector();
  const [busy, setBusy] = useState(false);
  return (
    <button
      type="button"
      className="button"
      data-kind="primary"
      disabled={busy}
      onClick={() => {
        setBusy(true);
        void repair(inspector, finding.id).finally(() => setBusy(false));
      }}
    >
      {label}
    </button>
  );
}

/** The port that was wanted may be free by now; another one may be chosen. */
function PortForm({ wanted }: { readonly wanted: number }): ReactElement {
  const inspector = useInspector();
  const t = useT();
  const [port, setPort] = useState(String(wanted));
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  const valid = number > 0 && number < 65_536;
  return (
    <form
      className="finding-actions"
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) void repair(inspector, 'port-taken', number);
      }}
    >
      <input
        className="field finding-port"
        inputMode="numeric"
        aria-label={t('health.portLabel')}
        aria-invalid={!valid}
        value={port}
        onChange={(event) => setPort(event.target.value)}
      />
      <button type="submit" className="button" data-kind="primary" disabled={!valid}>
        {t('health.portTakenFix')}
      </button>
    </form>
  );
}
