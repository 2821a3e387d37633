import { ArrowDown, ArrowUp } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { Rich } from '../../i18n/rich.tsx';
import type { PlainKey } from '../../i18n/translate.ts';
import { formatCount } from '../../format/units.ts';
import type { MessageFilter } from '../../store/message-list.ts';
import { RawText } from '../common/raw-text.tsx';
import { closeWords } from './close-words.ts';
import { useT } from '../inspector-context.tsx';

interface MessagesBarProps {
  readonly view: ExchangeView;
  readonly webSocket: boolean;
  readonly filter: MessageFilter;
  readonly onFilter: (filter: MessageFilter) => void;
}

/** What passed and how it ended, in one line, and which messages are listed. */
export function MessagesBar({ view, webSocket, filter, onFilter }: MessagesBarProps): ReactElement {
  const t = useT();
  const { sent, received, lost } = view.messages ?? { sent: 0, received: 0, lost: 0 };
  return (
    <header className="messages-bar">
      <p className="messages-facts">
        {webSocket && (
          <span className="messages-count" title={t('messages.framesFrom')}>
            <ArrowUp className="icon icon-small message-sent" aria-label={t('messages.factDirectionSent')} />{' '}
            {formatCount(sent)}
          </span>
        )}
        <span className="messages-count" title={webSocket ? t('messages.framesTo') : t('messages.eventsTo')}>
          <ArrowDown className="icon icon-small message-received" aria-label={t('messages.factDirectionReceived')} />{' '}
          {formatCount(received)}
        </span>
        {lost > 0 && <span className="messages-lost">{t('messages.lost', { number: formatCount(lost) })}</span>}
        <Ending view={view} webSocket={webSocket} />
      </p>
      <div className="messages-filters">
        <Choice
          label={t('messages.kinds')}
          value={filter.kinds}
          onChange={(kinds) => onFilter({ ...filter, kinds })}
          options={(webSocket ? FRAME_KINDS : EVENT_KINDS).map(([kind, name]) => [kind, t(name)])}
        />
        {webSocket && (
          <Choice
            label={t('messages.directions')}
            value={filter.direction}
            onChange={(direction) => onFilter({ ...filter, direction })}
            options={[
              ['both', t('messages.both')],
              ['sent', <ArrowUp key="sent" className="icon icon-small" aria-label={t('messages.sent')} />],
              [
                'received',
                <ArrowDown key="received" className="icon icon-small" aria-label={t('messages.received')} />,
              ],
            ]}
          />
        )}
      </div>
    </header>
  );
}

type Kinds = readonly (readonly [kinds: MessageFilter['kinds'], name: PlainKey])[];

const FRAME_KINDS: Kinds = [
  ['all', 'messages.all'],
  ['text', 'messages.text'],
  ['binary', 'messages.binary'],
  ['control', 'messages.control'],
];
const EVENT_KINDS: Kinds = [
  ['all', 'messages.all'],
  ['text', 'messages.events'],
  ['control', 'messages.comments'],
];

const CLOSED_BY = {
  client: 'messages.closedByClient',
  upstream: 'messages.closedByUpstream',
  hopscope: 'messages.closedByHopscope',
} as const;

function Ending({
  view,
  webSocket,
}: {
  readonly view: ExchangeView;
  readonly webSocket: boolean;
}): ReactElement | null {
  const t = useT();
  const { close, end, lastEventId } = view;
  if (!webSocket) {
    return lastEventId === undefined ? null : (
      <span className="messages-ending">
        Last-Event-ID <RawText text={lastEventId} limit={80} />
      </span>
    );
  }
  if (close === undefined)
    return end === undefined ? <span className="messages-ending">{t('messages.open')}</span> : null;
  return (
    <span className="messages-ending" data-tone={close.code === 1000 || close.code === 1001 ? undefined : 'warn'}>
      <Rich
        of={CLOSED_BY[close.by]}
        with={{ code: <strong>{close.code}</strong>, meaning: closeWords(t, close.code) }}
      />
      {close.reason !== '' && (
        <Rich of="messages.reason" with={{ reason: <RawText text={close.reason} limit={125} /> }} />
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
