import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, getHeader, hasHeader, isHeaderName, withoutHeaders } from '../../../shared/headers.ts';
import { HIDDEN } from '../../../shared/masked-fields.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { Handler } from '../chain/handler.ts';
import { ExchangeError } from '../errors.ts';
import type { AccessPolicy } from './access-policy.ts';

/** What is known of a client's connection; it keeps what has been checked. */
export interface AccessPeer {
  /** Without port and brackets. */
  readonly ip: string;
  /** The policy that admits its address. */
  allowedBy?: AccessPolicy;
  /** The Host field that was known last, and to which settings. */
  knownHost?: { readonly settings: Settings; readonly host: string };
  /** The credentials that were right last, as they came, and the policy that they were right for. */
  login?: { readonly policy: AccessPolicy; readonly value: string };
}

/** A request as far as access to it is concerned. */
export interface AccessRequest {
  readonly peer: AccessPeer;
  readonly headers: HeaderList;
  /** Whether it came where its user has logged in already. */
  readonly admitted: boolean;
  /** Whether it takes Hopscope for the origin server, which asks by 401 and WWW-Authenticate (RFC 9110 §11.6). */
  readonly reverse: boolean;
}

/** The handler that goes before all others to check who asks; undefined when nothing is left to check. */
export function admission(policy: AccessPolicy, request: AccessRequest): Handler | undefined {
  const { peer, admitted } = request;
  const value = credentialsOf(request);
  if (value !== undefined && policy.admitsInside(value)) return undefined;
  if (peer.allowedBy !== policy) {
    if (!policy.admitsAddress(peer.ip))
      return refusing(new ExchangeError('ADDRESS_NOT_ALLOWED', 'access', `It is ${peer.ip}.`));
    peer.allowedBy = policy;
  }
  if (admitted || !policy.wantsLogin) return undefined;
  // Compared as it is: only who sent these credentials on this connection learns that they are the same.
  if (value !== undefined && peer.login?.policy === policy && peer.login.value === value) return undefined;
  return {
    name: 'access',
    async handle(_x, _state, next) {
      const refusal = await check(policy, peer, value);
      if (refusal !== undefined) {
        const asServer = request.reverse && refusal.error === 'CREDENTIALS_REQUIRED';
        throw new ExchangeError(asServer ? 'LOGIN_REQUIRED' : refusal.error, 'access', refusal.detail);
      }
      return next();
    },
  };
}

async function check(
  policy: AccessPolicy,
  peer: AccessPeer,
  value: string | undefined,
): ReturnType<AccessPolicy['logIn']> {
  if (value === undefined) return { error: 'CREDENTIALS_REQUIRED', detail: 'It sent none.' };
  const login = readBasic(value);
  if (login === undefined)
    return { error: 'CREDENTIALS_REQUIRED', detail: 'Those that came are not of the scheme Basic.' };
  const refusal = await policy.logIn(peer.ip, login.name, login.password);
  if (refusal === undefined) peer.login = { policy, value };
  return refusal;
}

function credentialsOf({ headers, reverse }: AccessRequest): string | undefined {
  return getHeader(headers, 'proxy-authorization') ?? (reverse ? getHeader(headers, 'authorization') : undefined);
}

/** RFC 7617 §2, with the UTF-8 that Hopscope asks for. */
function readBasic(value: string): { readonly name: string; readonly password: string } | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(value)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

const PROXY = new FieldNames(['proxy-authorization']);
const OWN = new FieldNames(['authorization']);

/** The fields without what was said to Hopscope alone. Whoever logs in to a server by Authorization, logs in to us. */
export function withoutCredentials(headers: HeaderList, wantsLogin: boolean, reverse: boolean): HeaderList {
  if (hasHeader(headers, 'proxy-authorization')) return withoutHeaders(headers, PROXY);
  return wantsLogin && reverse ? withoutHeaders(headers, OWN) : headers;
}

/** The fields as they may be recorded: of the credentials for Hopscope, only their scheme. */
export function maskCredentials(headers: HeaderList, kept: HeaderList): HeaderList {
  if (headers === kept) return headers;
  const secret = hasHeader(headers, 'proxy-authorization') ? 'proxy-authorization' : 'authorization';
  return headers.map((value, i) =>
    i % 2 === 1 && isHeaderName(headers[i - 1] as string, secret)
      ? `${/^[A-Za-z]*/.exec(value)?.[0] ?? ''} ${HIDDEN}`
      : value,
  );
}

/** Tells of a failure before anybody else has a look at the exchange. */
export function refusing(error: ExchangeError): Handler {
  return { name: 'access', handle: () => Promise.reject(error) };
}
