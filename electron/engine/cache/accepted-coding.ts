import type { HeaderList } from '../../../shared/headers.ts';
import { joinedHeader, trimOws } from '../../../shared/headers.ts';

const REFUSED = /;\s*q\s*=\s*0(?:\.0*)?\s*(?:;|$)/;

/**
 * Says whether a request names every content coding that a response is in. A request without Accept-Encoding takes any (RFC
 * 9110 §12.5.3), but who does not ask for a coding can often not read it.
 */
export function asksForCoding(requestHeaders: HeaderList, responseHeaders: HeaderList): boolean {
  const codings = members(joinedHeader(responseHeaders, 'content-encoding')).filter((coding) => coding !== 'identity');
  if (codings.length === 0) return true;
  const wanted = members(joinedHeader(requestHeaders, 'accept-encoding'));
  const named = new Set(
    wanted.filter((member) => !REFUSED.test(member)).map((member) => trimOws(member.split(';', 1)[0] ?? '')),
  );
  return codings.every((coding) => named.has(coding));
}

function members(list = ''): string[] {
  return list
    .toLowerCase()
    .split(',')
    .map(trimOws)
    .filter((member) => member !== '');
}
