import { Info, TriangleAlert } from 'lucide-react';
import type { ReactElement } from 'react';
import type { BodyProblem } from '../../../shared/body-contract.ts';
import { formatBytes } from '../../format/units.ts';

/** Why less of a body is here than there was. */
export const TRUNCATIONS = {
  cap: 'The capture stops at its limit; the rest passed through unrecorded.',
  backlog: 'Recording fell behind and left the rest of this body out.',
  aborted: 'The body broke off here.',
} as const;

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
export function problemWords({ kind, coding, detail }: BodyProblem, length: number): string {
  const why = detail === '' ? '' : ` (${detail})`;
  switch (kind) {
    case 'unknown':
      return `The body is coded as “${coding}”, which cannot be decoded here; these are its coded bytes.`;
    case 'mislabelled':
      return `Content-Encoding says “${coding}”, but the bytes are not${why}; they are shown as they came.`;
    case 'damaged':
      return `The ${coding} data is damaged${why}: ${formatBytes(length)} could be decoded before that.`;
    case 'early-end':
      return `The ${coding} data ends early: what was there decodes to ${formatBytes(length)}.`;
    case 'limit':
      return `Decoding stopped at ${formatBytes(length)}: a few kilobytes can claim to be gigabytes. Only this much is shown.`;
  }
}
