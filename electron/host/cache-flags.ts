import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { CacheMode } from '../../shared/decision.ts';
import { CACHE_MODES } from '../../shared/decision.ts';
import type { SettingsPatch } from '../../shared/settings.ts';

/** The flags about the cache, as commander gives them. */
export interface CacheFlags {
  readonly cache?: CacheMode;
  readonly cacheStore?: 'disk' | 'memory';
  readonly cacheSize?: number;
}

/** Adds the flags about the cache to a command. */
export function addCacheFlags(command: Command): Command {
  return command
    .addOption(new Option('--cache <mode>', 'cache mode').choices(CACHE_MODES))
    .addOption(new Option('--cache-store <place>', 'where responses are stored').choices(['disk', 'memory']))
    .option('--cache-size <size>', 'what stored responses may take, as in 512M or 4G (default: 4G)', size);
}

/** The settings that the flags override. */
export function cacheOverrides({ cache: mode, cacheStore: store, cacheSize }: CacheFlags): SettingsPatch {
  const patch: SettingsPatch['cache'] = {
    ...(mode === undefined ? {} : { mode }),
    ...(store === undefined ? {} : { store }),
    ...(cacheSize === undefined ? {} : { maxBytes: cacheSize }),
    // All of a store in memory is in memory.
    ...(store === 'memory' && cacheSize !== undefined ? { memoryBytes: cacheSize } : {}),
  };
  return Object.keys(patch).length === 0 ? {} : { cache: patch };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Parses a size: bytes, or a number with K, M, G or T for powers of 1,024. */
function size(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text);
  const bytes = Math.floor(Number(match?.[1]) * (UNITS[match?.[2]?.toUpperCase() ?? ''] ?? Number.NaN));
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new InvalidArgumentError('A size is a number of bytes, or one with K, M, G or T, as in 512M.');
}
