import { decisionSentence } from '../../../shared/decision.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { Translate } from '../../i18n/translate.ts';
import { formatBytes } from '../../format/units.ts';

/** A fact of two exchanges. */
export interface ComparedFact {
  readonly name: string;
  readonly left: string;
  readonly right: string;
  readonly differs: boolean;
}

const ABSENT = '–';

/** What the two are, in short. */
export function exchangeFacts(t: Translate, left: ExchangeView, right: ExchangeView): ComparedFact[] {
  const rows: readonly (readonly [string, (view: ExchangeView) => string])[] = [
    [t('compare.method'), (view) => view.method],
    ['URL', (view) => view.url],
    [
      t('compare.status'),
      (view) => (view.status === undefined ? ABSENT : `${view.status} ${view.response?.reason ?? ''}`.trim()),
    ],
    [t('compare.outcome'), (view) => t(`compare.${view.outcome?.kind ?? 'running'}`)],
    [t('compare.protocol'), (view) => view.version],
    [t('compare.answeredBy'), (view) => (view.from === undefined ? ABSENT : t(`compare.${view.from}`))],
    [t('compare.sentTo'), (view) => view.upstream ?? ABSENT],
    [t('compare.remote'), (view) => view.remote ?? ABSENT],
    [t('compare.requestBody'), (view) => formatBytes(view.requestBytes)],
    [t('compare.responseBody'), (view) => formatBytes(view.responseBytes)],
    [t('compare.verdict'), (view) => view.decision?.verdict ?? ABSENT],
    [
      t('compare.decision'),
      (view) => (view.decision === undefined ? ABSENT : decisionSentence(view.decision, t.said).replaceAll('`', '')),
    ],
  ];
  return rows.map(([name, of]) => compared(name, of(left), of(right)));
}

function compared(name: string, left: string, right: string): ComparedFact {
  return { name, left, right, differs: left !== right };
}

/** The fields of two messages by name: those of the left in their order, then those that only the right has. */
export function fieldFacts(left: readonly string[], right: readonly string[]): ComparedFact[] {
  const [first, second] = [byName(left), byName(right)];
  const names = [...new Set([...first.keys(), ...second.keys()])];
  return names.map((name) => compared(name, first.get(name) ?? ABSENT, second.get(name) ?? ABSENT));
}

function byName(headers: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase();
    const before = fields.get(name);
    fields.set(name, before === undefined ? (headers[i + 1] ?? '') : `${before}\n${headers[i + 1] ?? ''}`);
  }
  return fields;
}
