import { Info, TriangleAlert, X } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import { parseEventBlock } from '../../../shared/event-stream.ts';
import type { StreamEvent } from '../../../shared/event-stream.ts';
import type { MessageEntry } from '../../../shared/messages.ts';
import { closeCodeMeaning, describeFrameProblem } from '../../../shared/websocket.ts';
import { formatBytes, formatCount } from '../../format/units.ts';
import { Hint } from '../common/hint.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useInspector } from '../inspector-context.tsx';
import { formsFor } from '../body/body-forms.ts';
import type { BodyForm } from '../body/body-forms.ts';
import { FormSwitch } from '../body/form-switch.tsx';
import { WholeBody } from '../body/whole-body.tsx';
import '../body/body.css';
import '../message/message.css';
import { kindWord } from './message-rows.tsx';

interface MessageDetailProps {
  readonly id: number;
  readonly entry: MessageEntry;
  readonly onClose: () => void;
}

/** Bytes shown of one message; the contract brings a mebibyte at once. */
const SHOWN_BYTES = 1024 * 1024;

const TRUNCATIONS = {
  cap: 'The capture stops at its limit; the rest passed through unrecorded.',
  backlog: 'Recording fell behind and left this payload out.',
  aborted: 'The connection ended in the middle of it.',
} as const;

/** The selected message: its facts, what is wrong with it, and its payload in the form that suits it. */
export function MessageDetail({ id, entry, onClose }: MessageDetailProps): ReactElement {
  const { bytes, error } = usePayload(id, entry);
  const event = useMemo(
    () => (entry.kind === 'event' ? parseEventBlock(decode(bytes)) : undefined),
    [entry.kind, bytes],
  );
  const shown = useMemo(() => shownBytes(entry, event, bytes), [entry, event, bytes]);
  const forms = useMemo(() => formsOf(entry, shown), [entry, shown]);
  const [picked, setPicked] = useState<BodyForm>();
  const form = picked !== undefined && forms.includes(picked) ? picked : forms[0];
  return (
    <section className="message-detail" aria-label="Message">
      <header className="message-detail-head">
        <h3>
          {kindWord(entry)} <span className="section-note">{factsOf(entry)}</span>
        </h3>
        {form !== undefined && <FormSwitch forms={forms} form={form} onChange={setPicked} />}
        <Hint text="Close the message">
          <button type="button" className="icon-button" aria-label="Close the message" onClick={onClose}>
            <X className="icon" />
          </button>
        </Hint>
      </header>
      <div className="details-scroll message-detail-body">
        <Problems entry={entry} />
        {event !== undefined && <EventFacts event={event} />}
        {entry.close !== undefined && <CloseFacts close={entry.close} />}
        {entry.truncated !== undefined && <Note text={TRUNCATIONS[entry.truncated]} warn />}
        {entry.coding === 'compressed' && <Note text={compressedNote(entry)} />}
        {entry.captured > SHOWN_BYTES && <Note text={`The first ${formatBytes(SHOWN_BYTES)} are shown.`} />}
        {error !== undefined && <Note text={error} warn />}
        {form !== undefined && shown.length > 0 && (
          <WholeBody form={form} bytes={shown} type="" charset="" contentType="" onFinder={ignoreFinder} />
        )}
      </div>
    </section>
  );
}

function factsOf({ index, direction, size, captured, coding, fin }: MessageEntry): string {
  const inflated = coding === 'inflated' ? `, ${formatBytes(captured)} inflated` : '';
  const part = fin ? '' : ', first or middle part';
  return `${direction}, #${formatCount(index + 1)}, ${formatBytes(size)}${inflated}${part}`;
}

function compressedNote({ fin }: MessageEntry): string {
  return fin
    ? 'Compressed (permessage-deflate); it could not be inflated, so these are the bytes that passed.'
    : 'A part of a compressed message: its last frame shows all of it.';
}

function Problems({ entry }: { readonly entry: MessageEntry }): ReactElement | null {
  if (entry.problems.length === 0) return null;
  return <Note warn text={`This frame breaks RFC 6455. ${entry.problems.map(describeFrameProblem).join(' ')}`} />;
}

function EventFacts({ event }: { readonly event: StreamEvent }): ReactElement | null {
  const facts: (readonly [string, string])[] = [['event', event.type]];
  if (event.id !== undefined) facts.push(['id', event.id]);
  if (event.retry !== undefined) facts.push(['retry', `${event.retry} ms`]);
  return (
    <dl className="message-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <RawText text={value} limit={1_000} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function CloseFacts({ close }: { readonly close: NonNullable<MessageEntry['close']> }): ReactElement {
  return (
    <dl className="message-facts">
      <div>
        <dt>code</dt>
        <dd>
          {close.code} · {closeCodeMeaning(close.code)}
        </dd>
      </div>
      {close.reason !== '' && (
        <div>
          <dt>reason</dt>
          <dd>
            <RawText text={close.reason} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function Note({ text, warn = false }: { readonly text: string; readonly warn?: boolean }): ReactElement {
  return (
    <p className="callout body-note" data-tone={warn ? 'warn' : undefined}>
      {warn ? <TriangleAlert className="icon" /> : <Info className="icon" />}
      <span>{text}</span>
    </p>
  );
}

const NOTHING = new Uint8Array(0);

function usePayload(id: number, { index, captured }: MessageEntry): { bytes: Uint8Array<ArrayBuffer>; error?: string } {
  const { api } = useInspector();
  const [payload, setPayload] = useState<{ bytes: Uint8Array<ArrayBuffer>; error?: string }>({ bytes: NOTHING });
  useEffect(() => {
    if (captured === 0) return;
    let wanted = true;
    const length = Math.min(captured, SHOWN_BYTES);
    void api.request('messages.payload', { id, index, offset: 0, length }).then((answer) => {
      if (!wanted) return;
      setPayload(answer.ok ? { bytes: new Uint8Array(answer.value) } : { bytes: NOTHING, error: answer.error.message });
    });
    return () => {
      wanted = false;
    };
  }, [api, id, index, captured]);
  return payload;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** What the form shows: of an event its data, of a Close frame nothing that its facts do not say. */
function shownBytes(
  entry: MessageEntry,
  event: StreamEvent | undefined,
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (event !== undefined) return new TextEncoder().encode(event.data);
  return entry.kind === 'close' && entry.problems.length === 0 ? NOTHING : bytes;
}

function formsOf({ coding }: MessageEntry, bytes: Uint8Array): readonly BodyForm[] {
  if (bytes.length === 0) return [];
  return coding === 'compressed' ? ['hex'] : formsFor('', bytes);
}

function ignoreFinder(): void {
  // Messages are short: nothing is looked for in one.
}
