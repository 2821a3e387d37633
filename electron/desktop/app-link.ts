import type { LinkWish } from '../../shared/app-contract.ts';
import { MAX_SESSION_NAME } from '../../shared/session-contract.ts';

/** The longest filter that a link may carry. */
const MAX_FILTER = 1_000;
/** C0 and C1 controls, and what turns the direction of text around: it would show something else than it is. */
const DECEPTIVE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * What `hopscope://open?session=NAME&filter=TEXT` asks for; undefined for any other link. A session is a name among the saved
 * ones and never a path: a page on the web must not choose files.
 */
export function parseAppLink(text: string): LinkWish | undefined {
  const url = URL.parse(text);
  if (url?.protocol !== 'hopscope:' || url.host !== 'open' || !['', '/'].includes(url.pathname)) return undefined;
  const known = [...url.searchParams.keys()].every((key) => key === 'session' || key === 'filter');
  const session = valueOf(url, 'session', MAX_SESSION_NAME);
  const filter = valueOf(url, 'filter', MAX_FILTER);
  if (!known || session === null || filter === null || (session ?? filter) === undefined) return undefined;
  if (session !== undefined && /[/\\]/.test(session)) return undefined;
  return { ...(session === undefined ? {} : { session }), ...(filter === undefined ? {} : { filter }) };
}

/** Undefined when it is absent, null when it cannot be used. */
function valueOf({ searchParams }: URL, name: string, longest: number): string | null | undefined {
  const [value, ...more] = searchParams.getAll(name);
  if (value === undefined) return undefined;
  return more.length > 0 || value === '' || value.length > longest || DECEPTIVE.test(value) ? null : value;
}
