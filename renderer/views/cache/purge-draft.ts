import type { PurgeTarget } from '../../../shared/cache-contract.ts';

/** What the purge dialog is asked to forget. */
export interface PurgeDraft {
  readonly kind: 'key' | 'host' | 'pattern' | 'group' | 'everything';
  readonly text: string;
}

export const PURGE_TITLES: Readonly<Record<PurgeDraft['kind'], string>> = {
  key: 'Purge all variants of a URL',
  host: 'Purge a host',
  pattern: 'Purge by URL pattern',
  group: 'Purge a cache group',
  everything: 'Purge everything',
};

export const PURGE_MEANINGS: Readonly<Record<PurgeDraft['kind'], string>> = {
  key: 'Every variant that is stored under this cache key is forgotten.',
  host: 'Every stored response of this host is forgotten. With a port, as in example.com:8080, only those of that port.',
  pattern:
    'Every stored response whose URL matches is forgotten. * stands for any run of characters; without one the pattern is the beginning of the URL.',
  group: 'Every stored response that its origin put into this group with Cache-Groups (RFC 9875) is forgotten.',
  everything: 'Every stored response is forgotten. The next request for each goes to its origin.',
};

/** The field's name and an example; absent where there is nothing to write. */
export const PURGE_FIELDS: Readonly<Partial<Record<PurgeDraft['kind'], readonly [name: string, example: string]>>> = {
  key: ['Cache key', 'http://example.com/page'],
  host: ['Host', 'example.com'],
  pattern: ['URL pattern', 'http://example.com/assets/*'],
  group: ['Group', 'articles'],
};

/** What to ask of the engine; undefined while something is missing. */
export function purgeTarget({ kind, text }: PurgeDraft): PurgeTarget | undefined {
  if (kind === 'everything') return { everything: true };
  const value = text.trim();
  if (value === '') return undefined;
  switch (kind) {
    case 'key':
      return { key: value };
    case 'host':
      // Somebody may paste a URL where its host is wanted.
      return { host: value.replace(/^[a-z]+:\/\//i, '').replace(/[/?#].*$/, '') };
    case 'pattern':
      return { pattern: value };
    case 'group':
      return { group: value };
  }
}
