import { SETTING_FACTS } from '../../../shared/setting-facts.ts';
import type { SettingPath } from '../../../shared/setting-facts.ts';

type Facts = typeof SETTING_FACTS;

/** Titles of settings, by path; in English they stand where flags have them from. */
export const settingTitles = pick('title') as { readonly [P in SettingPath]: Facts[P]['title'] };

/** What settings do, by path. */
export const settingAbouts = pick('about') as { readonly [P in SettingPath]: Facts[P]['about'] };

function pick(key: 'title' | 'about'): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(SETTING_FACTS).map(([path, facts]) => [path, facts[key]]));
}

/** Texts of views/settings. */
export const settings = {
  title: 'Settings',
  sections: 'Sections',
  search: 'Search the settings',
  searchPlaceholder: 'A setting, what it does, or its flag',
  none: 'No setting matches “{{words}}”.',
  import: 'Import…',
  export: 'Export',
  exportHint: 'Saves what differs from the defaults as JSON, without passwords and other secrets.',
  imported: 'The settings of “{{name}}” are in force.',
  importFailed: '“{{name}}” was not imported, and nothing has changed. {{reason}}',
  noJson: 'It is no JSON.',
  noSettings: 'It holds no settings: {{reason}}',
  tooLarge: 'It is too large to be settings.',
  appearance: 'Appearance',
  cache: 'Cache',
  record: 'Recording',
  timeouts: 'Timeouts',
  tls: 'TLS with clients',
  originTls: 'TLS with origins',
  access: 'Access',
  systemProxy: 'System proxy',
  routing: 'Routing',
  reset: 'Set “{{title}}” back to {{value}}',
  resetList: 'Set “{{title}}” back to its default',
  changed: 'changed',
  atStart: 'from the next start on',
  linesNote: 'One a line, or with commas between them.',
  editCacheRules: 'Edit on the Cache page',
  editRules: 'Edit on the Rules page',
  editRouting: 'Edit on the Routing page',
  entries_one: 'One is set.',
  entries_other: '{{count, number}} are set.',
  noEntries: 'None is set.',
  off: 'Off',
  shared: 'Shared',
  private: 'Private',
  snapshot: 'Snapshot',
  offline: 'Offline',
  disk: 'On disk',
  memory: 'In memory',
  url: 'The whole URL',
  path: 'The path alone',
  full: 'Heads and bodies',
  head: 'Heads alone',
  theme: 'Theme',
  themeAbout: 'Light or dark, or whatever the system is.',
  contrast: 'Contrast',
  contrastAbout: 'Lines and texts stand out more.',
  contrastMore: 'High',
  density: 'Rows',
  densityAbout: 'How many rows of a list fit on the screen.',
  comfortable: 'Comfortable',
  compact: 'Compact',
  motion: 'Motion',
  motionAbout: 'Whether things glide and pulse.',
  motionLess: 'Reduced',
  language: 'Language',
  languageAbout: 'What this window speaks.',
  dock: 'Details',
  dockAbout: 'Where the details of a request are.',
  dockRight: 'On the right',
  dockBottom: 'At the bottom',
  system: 'Like the system',
  light: 'Light',
  dark: 'Dark',
} as const;
