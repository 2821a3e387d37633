import { MessagesSquare } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { Translate } from '../../i18n/translate.ts';
import { MessageList } from '../../store/message-list.ts';
import { EmptyState } from '../common/empty-state.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { isWebSocket } from './has-messages.ts';
import { MessageDetail } from './message-detail.tsx';
import { MessageRows } from './message-rows.tsx';
import { MessagesBar } from './messages-bar.tsx';
import './messages.css';

/** The frames of a WebSocket, or the events of an event stream: a list, and the one that is selected. */
export function MessagesTab({ view }: { readonly view: ExchangeView }): ReactElement {
  const t = useT();
  const { api } = useInspector();
  const list = useMemo(() => new MessageList(api, view.id), [api, view.id]);
  const { version, filter, error } = useStore(list.store);
  const [selected, setSelected] = useState<number>();
  const counts = view.messages;
  useEffect(() => {
    if (counts !== undefined) list.grow(counts.sent + counts.received);
  }, [list, counts]);

  const webSocket = isWebSocket(view);
  const entry = selected === undefined ? undefined : list.entry(selected);
  return (
    <div className="messages">
      <MessagesBar view={view} filter={filter} webSocket={webSocket} onFilter={(next) => list.setFilter(next)} />
      {error !== undefined && (
        <p className="callout" data-tone="bad">
          {error}
        </p>
      )}
      {list.total === 0 ? (
        <EmptyState
          icon={<MessagesSquare className="icon" />}
          title={webSocket ? t('messages.noFrames') : t('messages.noEvents')}
        >
          <p>{emptySentence(t, view, webSocket)}</p>
        </EmptyState>
      ) : (
        <MessageRows list={list} version={version} selected={selected} onSelect={setSelected} />
      )}
      {entry !== undefined && entry !== 'lost' && (
        <MessageDetail key={entry.index} id={view.id} entry={entry} onClose={() => setSelected(undefined)} />
      )}
    </div>
  );
}

function emptySentence(t: Translate, view: ExchangeView, webSocket: boolean): string {
  if (view.end !== undefined) return t(webSocket ? 'messages.nonePassed' : 'messages.noneCame');
  return t(webSocket ? 'messages.asTheyPass' : 'messages.asTheyArrive');
}
