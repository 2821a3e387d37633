import type * as v from 'valibot';
import { accessEntries } from './settings-access.ts';
import { SETTING_FACTS } from './setting-facts.ts';
import type { SettingFacts, SettingPath } from './setting-facts.ts';
import { originTlsEntries, routingEntries } from './settings-routes.ts';
import { systemProxyEntries } from './settings-system-proxy.ts';
import { tlsEntries } from './settings-tls.ts';
import { cacheEntries, recordEntries, timeoutEntries } from './settings.ts';
import type { Settings, SettingsPatch } from './settings.ts';
import { handlersEntry } from './settings-application.ts';
import { rulesEntry } from './rules.ts';

const GROUPS = {
  cache: cacheEntries,
  record: recordEntries,
  timeouts: timeoutEntries,
  tls: tlsEntries,
  access: accessEntries,
  systemProxy: systemProxyEntries,
  originTls: originTlsEntries,
};
const ALONE = { ...routingEntries, handlers: handlersEntry, rules: rulesEntry };

type Groups = typeof GROUPS;
/** Every path that the schema has; the facts must be about exactly these. */
type SchemaPath = { [G in keyof Groups]: `${G}.${keyof Groups[G] & string}` }[keyof Groups] | keyof typeof ALONE;

/** `rows` is a list of things that are more than a text each. */
export type SettingKind = 'switch' | 'choice' | 'number' | 'text' | 'texts' | 'rows';

/** One setting: where it is, what it may be, and what is said about it. */
export interface Setting extends SettingFacts {
  readonly path: SettingPath;
  readonly schema: v.GenericSchema;
  readonly kind: SettingKind;
  /** What can be chosen, for a choice. */
  readonly choices: readonly string[];
}

const FACTS: Readonly<Record<SchemaPath, SettingFacts>> & Readonly<Record<SettingPath, SettingFacts>> = SETTING_FACTS;

const SCHEMAS = new Map<string, v.GenericSchema>([
  ...Object.entries(GROUPS).flatMap(([group, entries]) =>
    Object.entries<v.GenericSchema>(entries).map(([key, schema]): [string, v.GenericSchema] => [
      `${group}.${key}`,
      schema,
    ]),
  ),
  ...Object.entries(ALONE),
]);

/** Every setting, in the order of its facts. */
export const SETTINGS: readonly Setting[] = (Object.keys(FACTS) as SettingPath[]).map((path) => {
  const schema = SCHEMAS.get(path);
  if (schema === undefined) throw new Error(`There is no setting ${path}.`);
  return { ...FACTS[path], path, schema, ...kindOf(schema) };
});

/** The setting at `path`. */
export function settingAt(path: SettingPath): Setting {
  const found = SETTINGS.find((setting) => setting.path === path);
  if (found === undefined) throw new Error(`There is no setting ${path}.`);
  return found;
}

/** The value of a setting. */
export function settingValue(settings: Settings, path: SettingPath): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>>)[key], settings);
}

/** The change that gives a setting a value, which its schema has let through. */
export function settingPatch(path: SettingPath, value: unknown): SettingsPatch {
  const [first = '', second] = path.split('.');
  return second === undefined ? { [first]: value } : { [first]: { [second]: value } };
}

/** A schema in the parts that its kind shows in: every valibot schema says its type, a picklist its options, an array its items. */
interface Shown {
  readonly type: string;
  readonly options?: readonly string[];
  readonly item?: { readonly type: string };
}

function kindOf(schema: v.GenericSchema): Pick<Setting, 'kind' | 'choices'> {
  const { type, options = [], item } = schema as Shown;
  switch (type) {
    case 'boolean':
      return { kind: 'switch', choices: [] };
    case 'picklist':
      return { kind: 'choice', choices: options };
    case 'number':
      return { kind: 'number', choices: [] };
    case 'array':
      return { kind: item?.type === 'string' ? 'texts' : 'rows', choices: [] };
    default:
      return { kind: 'text', choices: [] };
  }
}
