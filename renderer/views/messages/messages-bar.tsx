import { ArrowDown, ArrowUp } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { closeCodeMeaning } from '../../../shared/websocket.ts';
import { formatCount } from '../../format/units.ts';
import type { MessageFilter } from '../../store/message-list.ts';
import { RawText } from '../common/raw-text.tsx';

interface MessagesBarProps {
  readonly view: ExchangeView;
  readonly webSocket: boolean;
  readonly filter: MessageFilter;
  readonly onFilter: (filter: MessageFilter) => void;
}

/** What passed and how it ended, in one line, and which messages are listed. */
export function MessagesBar({ view, webSocket, filter, onFilter }: MessagesBarProps): ReactElement {
  const { sent, received, lost } = view.messages ?? { sent: 0, received: 0, lost: 0 };
  return (
    <header className="messages-bar">
      <p className="messages-facts">
        {webSocket && (
          <span className="messages-count" title="Frames from the client">
            <ArrowUp className="icon icon-small message-sent" aria-label="sent" /> {formatCount(sent)}
          </span>
        )}
        <span className="messages-count" title={webSocket ? 'Frames to the client' : 'Events to the client'}>
          <ArrowDown className="icon icon-small message-received" aria-label="received" /> {formatCount(received)}
        </span>
        {lost > 0 && <span className="messages-lost">{formatCount(lost)} not kept</span>}
        <Ending view={view} webSocket={webSocket} />
      </p>
      <div className="messages-filters">
        <Choice
          label="Kinds of messages"
          value={filter.kinds}
          onChange={(kinds) => onFilter({ ...filter, kinds })}
          options={webSocket ? FRAME_KINDS : EVENT_KINDS}
        />
        {webSocket && (
          <Choice
            label="Direction of messages"
            value={filter.direction}
            onChange={(direction) => onFilter({ ...filter, direction })}
            options={DIRECTIONS}
          />
        )}
      </div>
    </header>
  );
}

const FRAME_KINDS = [
  ['all', 'All'],
  ['text', 'Text'],
  ['binary', 'Binary'],
  ['control', 'Control'],
] as const;
const EVENT_KINDS = [
  ['all', 'All'],
  ['text', 'Events'],
  ['control', 'Comments'],
] as const;
const DIRECTIONS = [
  ['both', 'Both'],
  ['sent', <ArrowUp key="sent" className="icon icon-small" aria-label="Sent" />],
  ['received', <ArrowDown key="received" className="icon icon-small" aria-label="Received" />],
] as const;

function Ending({
  view,
  webSocket,
}: {
  readonly view: ExchangeView;
  readonly webSocket: boolean;
}): ReactElement | null {
  const { close, end, lastEventId } = view;
  if (!webSocket) {
    return lastEventId === undefined ? null : (
      <span className="messages-ending">
        Last-Event-ID <RawText text={lastEventId} limit={80} />
      </span>
    );
  }
  if (close === undefined) return end === undefined ? <span className="messages-ending">open</span> : null;
  const by = close.by === 'hopscope' ? 'Hopscope' : `the ${close.by}`;
  return (
    <span className="messages-ending" data-tone={close.code === 1000 || close.code === 1001 ? undefined : 'warn'}>
      closed by {by}: <strong>{close.code}</strong> {closeCodeMeaning(close.code)}
      {close.reason !== '' && (
        <>
          {' '}
          “<RawText text={close.reason} limit={125} />”
        </>
      )}
    </span>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, ReactNode])[];
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>): ReactElement {
  return (
    <ToggleGroup.Root
      type="single"
      className="segmented"
      data-size="small"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const option = options.find(([candidate]) => candidate === next);
        if (option !== undefined) onChange(option[0]);
      }}
    >
      {options.map(([option, name]) => (
        <ToggleGroup.Item key={option} className="segment" value={option}>
          {name}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
