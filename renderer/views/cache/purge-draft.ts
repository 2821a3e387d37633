import type { PurgeTarget } from '../../../shared/cache-contract.ts';
import type { PlainKey } from '../../i18n/translate.ts';

/** What the purge dialog is asked to forget. */
export interface PurgeDraft {
  readonly kind: 'key' | 'host' | 'pattern' | 'group' | 'everything';
  readonly text: string;
}

export const PURGE_TITLES: Readonly<Record<PurgeDraft['kind'], PlainKey>> = {
  key: 'cache.purgeKey',
  host: 'cache.purgeHost',
  pattern: 'cache.purgePattern',
  group: 'cache.purgeGroup',
  everything: 'cache.purgeEverything',
};

export const PURGE_MEANINGS: Readonly<Record<PurgeDraft['kind'], PlainKey>> = {
  key: 'cache.purgeKeyNote',
  host: 'cache.purgeHostNote',
  pattern: 'cache.purgePatternNote',
  group: 'cache.purgeGroupNote',
  everything: 'cache.purgeEverythingNote',
};

/** The field's name and an example; absent where there is nothing to write. */
export const PURGE_FIELDS: Readonly<Partial<Record<PurgeDraft['kind'], readonly [name: PlainKey, example: string]>>> = {
  key: ['cache.cacheKey', 'http://example.com/page'],
  host: ['cache.fieldHost', 'example.com'],
  pattern: ['cache.fieldPattern', 'http://example.com/assets/*'],
  group: ['cache.fieldGroup', 'articles'],
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
