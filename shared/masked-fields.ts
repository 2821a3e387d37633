import { headerPairs } from './headers.ts';
import type { HeaderList } from './headers.ts';

/** Fields whose values let whoever has them in (lower case). */
export const SECRET_FIELDS: readonly string[] = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie'];

/** What stands in an exported session instead of such a value. */
export const MASKED = '(masked)';

/** What stands in recorded fields, behind the scheme, instead of credentials for Hopscope. */
export const HIDDEN = '(hidden)';

/** Says whether a recorded value is credentials that were for Hopscope alone, and so were never sent on. */
export function isHidden(value: string): boolean {
  return value.endsWith(` ${HIDDEN}`);
}

/** The name of the first field whose value is not known, because the session was exported without it. */
export function maskedField(headers: HeaderList): string | undefined {
  for (const [name, value] of headerPairs(headers)) {
    if (value === MASKED && SECRET_FIELDS.includes(name.toLowerCase())) return name;
  }
  return undefined;
}
