import type { Exchange } from '../chain/exchange.ts';
import type { Handler } from '../chain/handler.ts';
import type { Reply } from '../chain/reply.ts';
import { tunnelToNobody } from '../chain/tunnel-to-nobody.ts';
import { LOCAL_HOST } from '../http/local-host.ts';
import { reasonPhrase } from '../http/reason-phrases.ts';
import { authorityFacts, toDer, toMobileProfile } from '../tls/authority-formats.ts';
import { certificatePage } from './local-site-page.ts';

interface Resource {
  readonly type: string;
  readonly body: Uint8Array;
  /** The name that the file is saved by. */
  readonly file?: string;
}

/**
 * Answers for `hopscope.local`, a site that exists only inside of this proxy: the authority's certificate, and how to
 * have it trusted. Every client that uses the proxy can open it, without an upstream, and nothing of it goes further.
 *
 * @param certificate the authority's certificate, PEM.
 */
export function localSiteHandler(certificate: string): Handler {
  let resources: ReadonlyMap<string, Resource> | undefined;
  return {
    name: 'local-site',
    handle(x) {
      resources ??= makeResources(certificate);
      return Promise.resolve(answer(x, resources));
    },
  };
}

function answer({ request }: Exchange, resources: ReadonlyMap<string, Resource>): Reply {
  const { method, url } = request;
  if (method === 'CONNECT') return tunnelToNobody(`${LOCAL_HOST} speaks only HTTP.`);
  if (method !== 'GET' && method !== 'HEAD')
    return text(405, 'There is only something to GET here.', ['Allow', 'GET, HEAD']);
  const resource = resources.get(url.path.replace(/\?.*$/, ''));
  if (resource === undefined) return text(404, 'There is nothing here. The certificate is at /.');
  const { type, body, file } = resource;
  const download = file === undefined ? [] : ['Content-Disposition', `attachment; filename="${file}"`];
  return reply(200, ['Content-Type', type, ...download], body);
}

function text(status: number, sentence: string, more: readonly string[] = []): Reply {
  return reply(status, ['Content-Type', 'text/plain; charset=utf-8', ...more], Buffer.from(`${sentence}\n`));
}

function reply(status: number, fields: readonly string[], body: Uint8Array): Reply {
  const headers = [
    ...fields,
    ...['Content-Length', String(body.length), 'Cache-Control', 'no-store', 'X-Content-Type-Options', 'nosniff'],
    ...['Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"],
    ...['Date', new Date().toUTCString()],
  ];
  return { status, reason: reasonPhrase(status), headers, body, from: 'hopscope' };
}

function makeResources(certificate: string): ReadonlyMap<string, Resource> {
  const page: Resource = {
    type: 'text/html; charset=utf-8',
    body: Buffer.from(certificatePage(authorityFacts(certificate))),
  };
  const pem: Resource = {
    ...{ type: 'application/x-pem-file', file: 'hopscope-ca.pem', body: Buffer.from(certificate) },
  };
  // Android and Windows go by the type and the name's end, and expect DER.
  const der: Resource = { type: 'application/x-x509-ca-cert', file: 'hopscope-ca.cer', body: toDer(certificate) };
  const profile: Resource = {
    type: 'application/x-apple-aspen-config',
    body: Buffer.from(toMobileProfile(certificate)),
    file: 'hopscope-ca.mobileconfig',
  };
  return new Map([
    ['/', page],
    ['/hopscope-ca.pem', pem],
    ['/hopscope-ca.cer', der],
    ['/hopscope-ca.mobileconfig', profile],
  ]);
}
