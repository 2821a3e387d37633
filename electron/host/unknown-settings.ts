import { getDotPath, safeParse } from 'valibot';
import { settingsPatchSchema } from '../../shared/settings.ts';

/** Names in stored settings that this version knows nothing of, the first of each group: a newer version's, or typing errors. */
export function unknownSettings(stored: unknown): string[] {
  const { issues = [] } = safeParse(settingsPatchSchema, stored);
  const unknown = issues.filter(({ type, expected }) => type === 'strict_object' && expected === 'never');
  return unknown.map((issue) => getDotPath(issue) ?? '');
}
