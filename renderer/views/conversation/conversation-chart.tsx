import { ChevronRight } from 'lucide-react';
import { useRef, useState } from 'react';
import type { CSSProperties, KeyboardEvent, ReactElement } from 'react';
import { openExchange } from '../../store/ui-store.ts';
import { formatDuration } from '../../format/units.ts';
import { RawText } from '../common/raw-text.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import type { Conversation, ConversationLane, ConversationMessage, LaneId } from './conversation.ts';
import { anchorOf } from './diagram-anchor.ts';
import type { Anchor } from './diagram-anchor.ts';
import type { Translate } from '../../i18n/translate.ts';

/** The sequence diagram. Arrow keys, Home and End travel from message to message; Enter shows the facts of one. */
export function ConversationChart({ talk }: { readonly talk: Conversation }): ReactElement {
  const t = useT();
  const chart = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const order = talk.lanes.map(({ id }) => id);
  const last = talk.messages.length - 1;

  const travel = (event: KeyboardEvent): void => {
    const marks = [...(chart.current?.querySelectorAll<HTMLElement>('.talk-message') ?? [])];
    const at = marks.findIndex((mark) => mark === document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    marks[next]?.focus();
  };

  const toggle = (key: string): void => {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  };

  return (
    <div ref={chart} className="talk" onKeyDown={travel}>
      <LaneHeads lanes={talk.lanes} />
      <div className="talk-body">
        <div className="talk-lives" aria-hidden="true">
          {order.map((id, index) => (
            <span key={id} className="talk-life" style={{ left: across(index + 0.5, order.length) }} />
          ))}
        </div>
        <ol className="talk-messages" aria-label={t('conversation.conversation')}>
          {talk.messages.map((message, index) => (
            <li key={message.key}>
              <Message
                message={message}
                lanes={talk.lanes}
                order={order}
                reachable={index === Math.min(current, last)}
                open={opened.has(message.key)}
                onFocus={() => setCurrent(index)}
                onToggle={() => toggle(message.key)}
              />
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function LaneHeads({ lanes }: { readonly lanes: readonly ConversationLane[] }): ReactElement {
  return (
    <div className="talk-heads">
      {lanes.map(({ id, name, who }) => (
        <span key={id} className="talk-head" title={who}>
          <span className="talk-name">{name}</span>
          <span className="talk-who">
            <RawText text={who} limit={80} />
          </span>
        </span>
      ))}
    </div>
  );
}

interface MessageProps {
  readonly message: ConversationMessage;
  readonly lanes: readonly ConversationLane[];
  readonly order: readonly LaneId[];
  /** The one that the Tab key reaches. */
  readonly reachable: boolean;
  readonly open: boolean;
  readonly onFocus: () => void;
  readonly onToggle: () => void;
}

function Message({ message, lanes, order, reachable, open, onFocus, onToggle }: MessageProps): ReactElement {
  const t = useT();
  const { text, at, tone, answer, exchange } = message;
  const anchor = anchorOf(message, order);
  return (
    <>
      <button
        type="button"
        className="talk-message"
        data-tone={tone}
        data-answer={answer}
        data-thought={anchor.thought}
        data-aside={exchange !== undefined}
        tabIndex={reachable ? 0 : -1}
        aria-expanded={open}
        onFocus={onFocus}
        onClick={onToggle}
      >
        <span className="talk-time">
          <ChevronRight className="icon talk-chevron" aria-hidden="true" />
          {formatDuration(at)}
        </span>
        <span className="talk-plot">
          <span className="visually-hidden">
            {t('conversation.introduction', { speakers: speakers(t, message, lanes) })}
          </span>
          <span className="talk-text" data-side={anchor.side} style={textPlace(anchor, order.length)}>
            <span className="talk-words">
              <RawText text={text} limit={400} />
            </span>
          </span>
          <span className="talk-arrow" data-backwards={anchor.backwards} style={arrowPlace(anchor, order.length)} />
        </span>
      </button>
      {open && <Facts message={message} lanes={lanes} />}
    </>
  );
}

/** Who says it to whom, for those who do not see the arrow. */
function speakers(t: Translate, { from, to }: ConversationMessage, lanes: readonly ConversationLane[]): string {
  const name = (id: LaneId): string => lanes.find((lane) => lane.id === id)?.name ?? id;
  if (from === to) return t('conversation.notesAlone', { name: name(from) });
  return t('conversation.speaksAlone', { from: name(from), to: name(to) });
}

function Facts({ message, lanes }: Pick<MessageProps, 'message' | 'lanes'>): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const { at, facts, exchange } = message;
  return (
    <div className="talk-facts">
      <dl className="facts">
        <dt>{t('conversation.who')}</dt>
        <dd>{speakers(t, message, lanes)}</dd>
        <dt>{t('conversation.when')}</dt>
        <dd>{t('conversation.afterBegan', { time: formatDuration(at) })}</dd>
        {facts.map(([name, value], index) => (
          <div key={index} className="talk-fact">
            <dt>
              <RawText text={name} limit={200} />
            </dt>
            <dd>
              <RawText text={value} limit={4_000} />
            </dd>
          </div>
        ))}
      </dl>
      {exchange !== undefined && (
        <button type="button" className="link-button" onClick={() => openExchange(ui, exchange)}>
          {t('conversation.openRequest', { id: exchange })}
        </button>
      )}
    </div>
  );
}

function across(place: number, lanes: number): string {
  return `${((place / lanes) * 100).toFixed(3)}%`;
}

function textPlace({ left, right, side }: Anchor, lanes: number): CSSProperties {
  return side === 'left'
    ? { marginInlineStart: across(left + 0.5, lanes) }
    : { marginInlineEnd: across(lanes - right - 0.5, lanes) };
}

function arrowPlace({ left, right }: Anchor, lanes: number): CSSProperties {
  return { left: across(left + 0.5, lanes), width: across(right - left, lanes) };
}
