import type { WhatIfQuestion } from '../../../shared/contract.ts';
import type { CacheMode } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { parseFields } from '../../format/field-lines.ts';
import type { Translate } from '../../i18n/translate.ts';

/** A what-if question as it stands in its form. */
export interface WhatIfDraft {
  /** Seconds after the exchange at which its request comes again. */
  readonly later: number;
  /** Undefined for the mode that the exchange was decided in. */
  readonly mode: CacheMode | undefined;
  /** Edited fields, one on each line; undefined while they are as recorded. */
  readonly request: string | undefined;
  readonly response: string | undefined;
  /** The request that was answered keeps its fields, whatever is edited. */
  readonly laterOnly: boolean;
}

export const UNCHANGED: WhatIfDraft = {
  ...{ later: 0, mode: undefined, request: undefined, response: undefined, laterOnly: false },
};

/** A mistake in the form, and where it is. */
export interface DraftError {
  readonly side: 'request' | 'response';
  readonly message: string;
}

/**
 * The question to ask the engine.
 *
 * @param decidedAt when the exchange was decided, in epoch milliseconds
 */
export function whatIfQuestion(
  t: Translate,
  draft: WhatIfDraft,
  exchange: { readonly id: number; readonly mode: CacheMode; readonly decidedAt: number },
): { readonly question: WhatIfQuestion } | { readonly error: DraftError } {
  const edited: { requestHeaders?: HeaderList; responseHeaders?: HeaderList; laterOnly?: boolean } = {};
  for (const side of ['request', 'response'] as const) {
    const text = draft[side];
    if (text === undefined) continue;
    const parsed = parseFields(t, text);
    if (typeof parsed === 'string') return { error: { side, message: parsed } };
    edited[side === 'request' ? 'requestHeaders' : 'responseHeaders'] = parsed;
  }
  if (draft.laterOnly && edited.requestHeaders !== undefined) edited.laterOnly = true;
  const now = Math.round(exchange.decidedAt + draft.later * 1000);
  return { question: { id: exchange.id, now, mode: draft.mode ?? exchange.mode, ...edited } };
}

/** Seconds that are one press away. */
export const OFFSETS: readonly number[] = [60, 600, 3600, 86_400, 2_592_000];
