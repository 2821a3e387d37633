import { Info, TriangleAlert, X } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import { parseEventBlock } from '../../../shared/event-stream.ts';
import type { StreamEvent } from '../../../shared/event-stream.ts';
import type { MessageEntry } from '../../../shared/messages.ts';
import type { Translate } from '../../i18n/translate.ts';
import { formatBytes, formatCount } from '../../format/units.ts';
import { Hint } from '../common/hint.tsx';
import { RawText } from '../common/raw-text.tsx';
import { useInspector, useT } from '../inspector-context.tsx';
import { formsFor } from '../body/body-forms.ts';
import type { BodyForm } from '../body/body-forms.ts';
import { FormSwitch } from '../body/form-switch.tsx';
import { WholeBody } from '../body/whole-body.tsx';
import '../body/body.css';
import '../message/message.css';
import { closeWords } from './close-words.ts';
import { kindWord } from './message-rows.tsx';

interface MessageDetailProps {
  readonly id: number;
  readonly entry: MessageEntry;
  readonly onClose: () => void;
}

/** Bytes shown of one message; the contract brings a mebibyte at once. */
const SHOWN_BYTES = 1024 * 1024;

/** The selected message: its facts, what is wrong with it, and its payload in the form that suits it. */
export function MessageDetail({ id, entry, onClose }: MessageDetailProps): ReactElement {
  const t = useT();
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
    <section className="message-detail" aria-label={t('messages.message')}>
      <header className="message-detail-head">
        <h3>
          {kindWord(t, entry)} <span className="section-note">{factsOf(t, entry)}</span>
        </h3>
        {form !== undefined && <FormSwitch forms={forms} form={form} onChange={setPicked} />}
        <Hint text={t('messages.closeMessage')}>
          <button type="button" className="icon-button" aria-label={t('messages.closeMessage')} onClick={onClose}>
            <X className="icon" />
          </button>
        </Hint>
      </header>
      <div className="details-scroll message-detail-body">
        <Problems entry={entry} />
        {event !== undefined && <EventFacts event={event} />}
        {entry.close !== undefined && <CloseFacts close={entry.close} />}
        {entry.truncated !== undefined && <Note text={t(`messages.${entry.truncated}`)} warn />}
        {entry.coding === 'compressed' && <Note text={compressedNote(t, entry)} />}
        {entry.captured > SHOWN_BYTES && <Note text={t('messages.firstShown', { size: formatBytes(SHOWN_BYTES) })} />}
        {error !== undefined && <Note text={error} warn />}
        {form !== undefined && shown.length > 0 && (
          <WholeBody form={form} bytes={shown} type="" charset="" contentType="" onFinder={ignoreFinder} />
        )}
      </div>
    </section>
  );
}

function factsOf(t: Translate, { index, direction, size, captured, coding, fin }: MessageEntry): string {
  return [
    direction === 'sent' ? t('messages.factDirectionSent') : t('messages.factDirectionReceived'),
    `#${formatCount(index + 1)}`,
    formatBytes(size),
    ...(coding === 'inflated' ? [t('messages.factInflated', { size: formatBytes(captured) })] : []),
    ...(fin ? [] : [t('messages.factPart')]),
  ].join(t('common.comma'));
}

function compressedNote(t: Translate, { fin }: MessageEntry): string {
  return t(fin ? 'messages.compressed' : 'messages.compressedPart');
}

function Problems({ entry }: { readonly entry: MessageEntry }): ReactElement | null {
  const t = useT();
  if (entry.problems.length === 0) return null;
  const problems = entry.problems.map((problem) => t(`messages.frame-${problem}`)).join(' ');
  return <Note warn text={t('messages.breaksRfc', { problems })} />;
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
  const t = useT();
  return (
    <dl className="message-facts">
      <div>
        <dt>{t('messages.code')}</dt>
        <dd>
          {close.code} · {closeWords(t, close.code)}
        </dd>
      </div>
      {close.reason !== '' && (
        <div>
          <dt>{t('messages.closeReason')}</dt>
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
