import type { HeaderList } from '../../../shared/headers.ts';

// RFC 9110 §7.6.1: meant for one hop, whether or not Connection names them. Proxy-Connection and Keep-Alive are relics.
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The fields that go on to the next hop: without hop-by-hop ones and those that Connection names (RFC 9110 §7.6.1).
 * Order, case and repeats stay. Returns the same list when nothing has to go.
 *
 * @param also further lower-case names to leave out.
 */
export function endToEndFields(headers: HeaderList, also?: ReadonlySet<string>): HeaderList {
  let named: Set<string> | undefined;
  let drop = false;
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (name === 'connection') {
      for (const option of (headers[i + 1] as string).split(',')) {
        const token = option.trim().toLowerCase();
        if (token !== '' && token !== 'close' && token !== 'keep-alive') (named ??= new Set()).add(token);
      }
    }
    drop ||= HOP_BY_HOP.has(name) || also?.has(name) === true;
  }
  if (!drop) return headers;
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (HOP_BY_HOP.has(name) || named?.has(name) === true || also?.has(name) === true) continue;
    kept.push(headers[i] as string, headers[i + 1] as string);
  }
  return kept;
}

/** Says whether a Connection field holds `option` (lower case). */
export function hasConnectionOption(headers: HeaderList, option: string): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    const value = (headers[i + 1] as string).toLowerCase();
    if (value === option) return true;
    if (value.includes(',') && value.split(',').some((token) => token.trim() === option)) return true;
  }
  return false;
}
