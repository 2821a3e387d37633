import { Download } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { Hint } from '../common/hint.tsx';
import { useInspector, useT, useTrace } from '../inspector-context.tsx';
import { ConversationChart } from './conversation-chart.tsx';
import { conversation } from './conversation-model.ts';
import { conversationToMermaid } from './conversation-to-mermaid.ts';
import { conversationToSvg } from './conversation-to-svg.ts';
import { relatedExchanges, relationKey } from './related-exchanges.ts';
import type { RelatedExchanges } from './related-exchanges.ts';
import { saveFile } from '../common/save-file.ts';
import './conversation.css';

/** The exchange as a sequence diagram, in words. */
export function ConversationTab({ view }: { readonly view: ExchangeView }): ReactElement {
  const t = useT();
  const { index } = useInspector();
  const related = (): RelatedExchanges => relatedExchanges(view, (id) => index.get(id));
  // Drawn again when that changes: a revalidation in the background may come, and end, later.
  useTrace(() => relationKey(related()));
  const talk = conversation(t, view, related());
  return (
    <div className="section">
      <h3 className="section-title">
        <span className="talk-title">{t('conversation.whoSaidWhat')}</span>
        <span className="section-note talk-help">{t('conversation.help')}</span>
        <span className="section-actions">
          <CopyButton text={() => conversationToMermaid(t, talk)} label={t('conversation.copyMermaid')} size="small">
            Mermaid
          </CopyButton>
          <CopyButton text={() => conversationToSvg(t, talk)} label={t('conversation.copySvg')} size="small">
            SVG
          </CopyButton>
          <Hint text={t('conversation.saveSvg')}>
            <button
              type="button"
              className="icon-button"
              data-size="small"
              aria-label={t('conversation.saveSvg')}
              onClick={() => saveFile(`conversation-${view.id}.svg`, 'image/svg+xml', conversationToSvg(t, talk))}
            >
              <Download className="icon icon-small" />
            </button>
          </Hint>
        </span>
      </h3>
      <ConversationChart key={view.id} talk={talk} />
    </div>
  );
}
