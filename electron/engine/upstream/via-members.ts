import { getAllHeaders } from '../../../shared/headers.ts';
import type { RequestHead } from '../chain/exchange.ts';
import type { HttpVersion } from '../http/request-head.ts';

/** This proxy's Via members, by the version that a message was received with (RFC 9110 §7.6.3). */
export type ViaMembers = Readonly<Record<HttpVersion, string>>;

/** The Via field of what is sent on for `request`: the members that it came with, and ours. */
export function viaOf({ headers, version }: Pick<RequestHead, 'headers' | 'version'>, members: ViaMembers): string {
  return [...getAllHeaders(headers, 'via'), members[version]].join(', ');
}
