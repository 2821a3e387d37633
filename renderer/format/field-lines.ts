import { headerPairs } from '../../shared/headers.ts';
import type { HeaderList } from '../../shared/headers.ts';
import type { Translate } from '../i18n/translate.ts';

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
      return t('common.notAField', { line: String(place + 1) });
    }
    const value = line.slice(colon + 1).trim();
    // RFC 9110 §5.5, one character per byte.
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) return t('common.notAValue', { line: String(place + 1) });
    fields.push(name, value);
  }
  return fields;
}
