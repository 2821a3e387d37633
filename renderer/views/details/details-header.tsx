import { Check, Copy, GitCompareArrows, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ExchangeRow, ExchangeView } from '../../../shared/exchange-view.ts';
import { formatBytes, formatDuration } from '../../format/units.ts';
import { notify } from '../../store/session-store.ts';
import { Hint } from '../common/hint.tsx';
import { MethodName, statusClass, statusWord, VerdictBadge } from '../common/labels.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { copiedRequest } from '../request-list/copied-request.ts';
import type { CopiedRequest } from '../request-list/copied-request.ts';
import { focusRequestList } from '../request-list/focus-list.ts';

const SOURCES = {
  upstream: 'details.fromUpstream',
  cache: 'details.fromCache',
  hopscope: 'details.fromHopscope',
} as const;

interface DetailsHeaderProps {
  readonly row: ExchangeRow;
  /** The same exchange in full, once it has been read. */
  readonly view: ExchangeView | undefined;
}

/** Which exchange this is, in two lines, and what can be copied of it. */
export function DetailsHeader({ row, view }: DetailsHeaderProps): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  return (
    <header className="details-header">
      <div className="details-title">
        <h2 className="details-url" title={row.url.length > 300 ? undefined : row.url}>
          <MethodName method={row.method} /> <RawText text={row.url} limit={2000} />
        </h2>
        <CompareButton id={row.id} />
        <CopyMenu url={row.url} view={view} />
        <Hint text={t('details.close')} keys="Esc">
          <button
            type="button"
            className="icon-button"
            aria-label={t('details.close')}
            onClick={() => {
              ui.setState({ detailsOpen: false });
              focusRequestList();
            }}
          >
            <X className="icon" />
          </button>
        </Hint>
      </div>
      <div className="details-summary">
        <span className="status" data-class={statusClass(row)}>
          {statusWord(t, row)}
          {view?.response !== undefined && view.response.reason !== '' && (
            <span className="details-reason">
              <RawText text={view.response.reason} limit={80} />
            </span>
          )}
        </span>
        {row.verdict !== undefined && <VerdictBadge verdict={row.verdict} />}
        {row.from !== undefined && <span className="details-fact">{t(SOURCES[row.from])}</span>}
        <span className="details-fact">{formatBytes(row.responseBytes)}</span>
        <span className="details-fact">
          {row.end === undefined ? t('details.running') : formatDuration(row.end - row.start)}
        </span>
      </div>
    </header>
  );
}

/** Chooses the exchange to compare this one with: the next that is selected in the list. */
function CompareButton({ id }: { readonly id: number }): ReactElement {
  const t = useT();
  const { ui, session } = useInspector();
  const waiting = useUi((state) => state.compareWith === id);
  const press = (): void => {
    ui.setState({ compareWith: waiting ? null : id });
    if (!waiting) notify(session, 'info', t('details.selectToCompare', { id }));
  };
  return (
    <Hint text={waiting ? t('details.doNotCompare') : t('details.compareWith')}>
      <button
        type="button"
        className="icon-button"
        aria-label={t('details.compareWithAnother')}
        aria-pressed={waiting}
        onClick={press}
      >
        <GitCompareArrows className="icon" />
      </button>
    </Hint>
  );
}

interface CopyMenuProps {
  readonly url: string;
  readonly view: ExchangeView | undefined;
}

function CopyMenu({ url, view }: CopyMenuProps): ReactElement {
  const t = useT();
  const { api, session } = useInspector();
  const [copied, setCopied] = useState(false);

  const copy = async ({ text, note }: CopiedRequest): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // It is the browser that refuses, without saying more than that.
      notify(session, 'error', t('common.copyFailed'));
      return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 1400);
    if (note !== undefined) notify(session, 'info', note);
  };
  const copyCurl = async (of: ExchangeView): Promise<void> => copy(await copiedRequest(t, api, of, 'curl'));

  return (
    <DropdownMenu.Root modal={false}>
      <Hint text={t('details.copy')}>
        <DropdownMenu.Trigger className="icon-button" aria-label={t('details.copy')}>
          {copied ? <Check className="icon" /> : <Copy className="icon" />}
        </DropdownMenu.Trigger>
      </Hint>
      <DropdownMenu.Content className="floating menu" align="end" sideOffset={6} collisionPadding={8}>
        <DropdownMenu.Item className="menu-item" onSelect={() => void copy({ text: url })}>
          {t('details.copyUrl')}
        </DropdownMenu.Item>
        <DropdownMenu.Item
          className="menu-item"
          disabled={view === undefined}
          onSelect={() => view !== undefined && void copyCurl(view)}
        >
          {t('details.copyCurl')}
        </DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
