import { Info, TriangleAlert } from 'lucide-react';
import type { ReactElement } from 'react';
import type { BodyProblem } from '../../../shared/body-contract.ts';
import { getHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { PlainKey, Translate } from '../../i18n/translate.ts';
import { formatBytes } from '../../format/units.ts';

/** Why less of a body is here than there was, as keys of sentences. */
export const TRUNCATIONS = {
  cap: 'body.truncatedCap',
  backlog: 'body.truncatedBacklog',
  aborted: 'body.truncatedAborted',
} as const satisfies Readonly<Record<string, PlainKey>>;

export type Truncation = keyof typeof TRUNCATIONS;

interface Amounts {
  /** Bytes kept, and bytes that the body had, as it travelled. */
  readonly captured: number;
  readonly total: number;
  /** The fields of its message. */
  readonly headers: HeaderList;
}

/** How much of a body is here, as a sentence. */
export function truncationWords(t: Translate, why: Truncation, { captured, total, headers }: Amounts): string {
  const size = formatBytes(total);
  if (why !== 'aborted' || captured < total)
    return t('body.captured', { captured: formatBytes(captured), total: size, why: t(TRUNCATIONS[why]) });
  const announced = Number(getHeader(headers, 'content-length'));
  // Without a length this is not a number, and not more.
  return announced > total
    ? t('body.brokeOffOf', { size, whole: formatBytes(announced) })
    : t('body.brokeOff', { size });
}

/** Something that the reader of a body should know. */
export function BodyNote({ text, warn = false }: { readonly text: string; readonly warn?: boolean }): ReactElement {
  return (
    <p className="callout body-note" data-tone={warn ? 'warn' : undefined}>
      {warn ? <TriangleAlert className="icon" /> : <Info className="icon" />}
      <span>{text}</span>
    </p>
  );
}

/** What went wrong with undoing a body's codings, as a sentence. */
export function problemWords(t: Translate, { kind, coding, detail }: BodyProblem, length: number): string {
  const values = { coding, detail: t.said(detail), size: formatBytes(length) };
  switch (kind) {
    case 'unknown':
      return t('body.codingUnknown', values);
    case 'mislabelled':
      return detail === '' ? t('body.mislabelled', values) : t('body.mislabelledBy', values);
    case 'damaged':
      return detail === '' ? t('body.damaged', values) : t('body.damagedBy', values);
    case 'early-end':
      return t('body.earlyEnd', values);
    case 'limit':
      return t('body.decodingLimit', values);
  }
}
