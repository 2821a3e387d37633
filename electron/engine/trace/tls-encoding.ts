import type { ClientTlsFacts, TlsFacts } from '../../../shared/tls-facts.ts';
import type { SymbolTable } from './symbol-table.ts';
import type { Track } from './track.ts';

/**
 * What was agreed on secured connections, in records. It is the same for every exchange on a connection, so it is put
 * together for the first of them; event-decoder.ts reads it back.
 */

/** Appends what was agreed with a client; makes its own room. */
export function addClientTls(detail: Track, symbols: SymbolTable, tls: ClientTlsFacts): void {
  if (addKnown(detail, symbols, tls)) return;
  const { count, text } = detail;
  const { version, cipher, alpn, serverName, resumed, start, end } = tls;
  detail.reserve(12);
  // What is agreed on comes from short lists of ours.
  detail.addSymbol(symbols, version);
  detail.addSymbol(symbols, cipher);
  detail.addSymbol(symbols, alpn);
  detail.addText(serverName);
  detail.addInteger(resumed ? 1 : 0);
  detail.addFloat(start);
  detail.addFloat(end);
  symbols.packed.set(tls, detail.packSince(count, text.length));
}

/** Appends what was agreed with an upstream; makes its own room. */
export function addUpstreamTls(detail: Track, symbols: SymbolTable, tls: TlsFacts): void {
  if (addKnown(detail, symbols, tls)) return;
  const { count, text } = detail;
  detail.reserve(12);
  detail.addSymbol(symbols, tls.version);
  detail.addSymbol(symbols, tls.cipher);
  detail.addOptionalText(tls.alpn);
  detail.addOptionalText(tls.serverName);
  detail.addInteger((tls.resumed ? 1 : 0) | (tls.verified ? 2 : 0));
  detail.addOptionalText(tls.problem);
  // Once for each connection, so there is little to gain from a form of its own.
  detail.addText(tls.chain.length === 0 ? '' : JSON.stringify(tls.chain));
  symbols.packed.set(tls, detail.packSince(count, text.length));
}

const chainless = new WeakMap<TlsFacts, TlsFacts>();

/** The facts without the certificates, which only the exchange that opened the connection tells; the same object each time. */
export function withoutChain(tls: TlsFacts): TlsFacts {
  let facts = chainless.get(tls);
  if (facts === undefined) {
    facts = { ...tls, chain: [] };
    chainless.set(tls, facts);
  }
  return facts;
}

function addKnown(detail: Track, { packed }: SymbolTable, tls: object): boolean {
  const known = packed.get(tls);
  if (known === undefined) return false;
  detail.addPacked(known);
  return true;
}
