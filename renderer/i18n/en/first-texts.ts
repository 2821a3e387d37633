import { cache } from './cache.ts';
import { columns } from './columns.ts';
import { common } from './common.ts';
import { compare } from './compare.ts';
import { connect } from './connect.ts';
import { desktop } from './desktop.ts';
import { details } from './details.ts';
import { filterBar } from './filter-bar.ts';
import { filterKeys } from './filter-keys.ts';
import { health } from './health.ts';
import { held } from './held.ts';
import { list } from './list.ts';
import { notices } from './notices.ts';
import { overview } from './overview.ts';
import { resend } from './resend.ts';
import { rules } from './rules.ts';
import { sessions } from './sessions.ts';
import { start } from './start.ts';
import { statusBar } from './status-bar.ts';
import { topBar } from './top-bar.ts';
import { tour } from './tour.ts';
import { commands, commandTitles } from './commands.ts';
import { settings, settingTitles } from './settings.ts';

/** What the window says from the start. */
export const firstTexts = {
  tour,
  health,
  held,
  cache,
  columns,
  commands,
  commandTitles,
  common,
  compare,
  connect,
  desktop,
  details,
  filterBar,
  filterKeys,
  list,
  notices,
  overview,
  resend,
  rules,
  sessions,
  settings,
  settingTitles,
  start,
  statusBar,
  topBar,
} as const;
