import { MessagesSquare } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { MessageList } from '../../store/message-list.ts';
import { EmptyState } from '../common/empty-state.tsx';
import { useInspector } from '../inspector-context.tsx';
import { isWebSocket } from './has-messages.ts';
import { MessageDetail } from './message-detail.tsx';
import { MessageRows } from './message-rows.tsx';
import { MessagesBar } from './messages-bar.tsx';
import './messages.css';

/** The frames of a WebSocket, or the events of an event stream: a list, and the one that is selected. */
export function MessagesTab({ view }: { readonly view: ExchangeView }): ReactElement {
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
        <EmptyState icon={<MessagesSquare className="icon" />} title={webSocket ? 'No frames yet' : 'No events yet'}>
          <p>{emptySentence(view, webSocket)}</p>
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

function emptySentence(view: ExchangeView, webSocket: boolean): string {
  if (view.end !== undefined) return webSocket ? 'None passed while it was open.' : 'None came while it was open.';
  return webSocket ? 'They are listed here as they pass.' : 'They are listed here as they arrive.';
}
