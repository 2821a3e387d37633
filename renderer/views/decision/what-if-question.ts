import type { WhatIfQuestion } from '../../../shared/contract.ts';
import type { CacheMode } from '../../../shared/decision.ts';
import { headerPairs } from '../../../shared/headers.ts';
import type { Translate } from '../../i18n/translate.ts';
import type { HeaderList } from '../../../shared/headers.ts';

/** A what-if question as it stands in its form. */
export interface WhatIfDraft {
  /** Seconds after the exchange at which its request comes again. */
  readonly later: number;
  /** Undefined for the mode that the exchange was decided in. */
  readonly mode: CacheMode | undefined;
  /** Edited fields, one on each line; undefined while they are as recorded. */
  readonly request: string | undefined;
  readonly response: string | undefined;
}

export const UNCHANGED: WhatIfDraft = { later: 0, mode: undefined, request: undefined, response: undefined };

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
  const edited: { requestHeaders?: HeaderList; responseHeaders?: HeaderList } = {};
  for (const side of ['request', 'response'] as const) {
    const text = draft[side];
    if (text === undefined) continue;
    const parsed = parseFields(t, text);
    if (typeof parsed === 'string') return { error: { side, message: parsed } };
    edited[side === 'request' ? 'requestHeaders' : 'responseHeaders'] = parsed;
  }
  const now = Math.round(exchange.decidedAt + draft.later * 1000);
  return { question: { id: exchange.id, now, mode: draft.mode ?? exchange.mode, ...edited } };
}

/** Fields as text, one on each line. */
export function fieldLines(headers: HeaderList): string {
  return [...headerPairs(headers)].map(([name, value]) => `${name}: ${value}`).join('\n');
}

/** Lines `Name: value` as fields, or what is wrong with them. Empty lines are left out. */
export function parseFields(t: Translate, text: string): HeaderList | string {
  const fields: string[] = [];
  for (const [place, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim();
    if (colon < 0 || !/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(name)) {
      return t('decision.notAField', { line: String(place + 1) });
    }
    fields.push(name, line.slice(colon + 1).trim());
  }
  return fields;
}

/** Seconds that are one press away. */
export const OFFSETS: readonly number[] = [60, 600, 3600, 86_400, 2_592_000];
