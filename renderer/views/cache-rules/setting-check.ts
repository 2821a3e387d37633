import * as v from 'valibot';
import { settingsPatchSchema } from '../../../shared/settings.ts';
import type { Settings } from '../../../shared/settings.ts';

/** What is wrong with a value for one of the cache's settings, in the schema's words; undefined when nothing is. */
export function cacheSettingError(name: keyof Settings['cache'], value: unknown): string | undefined {
  const parsed = v.safeParse(settingsPatchSchema, { cache: { [name]: value } });
  return parsed.success ? undefined : parsed.issues[0].message;
}
