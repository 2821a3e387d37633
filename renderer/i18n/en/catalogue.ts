import { bodyForms } from './body-forms.ts';
import { body } from './body.ts';
import { cache } from './cache.ts';
import { cacheRules } from './cache-rules.ts';
import { columns } from './columns.ts';
import { common } from './common.ts';
import { compare } from './compare.ts';
import { connect } from './connect.ts';
import { conversation } from './conversation.ts';
import { decision } from './decision.ts';
import { desktop } from './desktop.ts';
import { details } from './details.ts';
import { fieldNotes } from './field-notes.ts';
import { filterBar } from './filter-bar.ts';
import { filterKeys } from './filter-keys.ts';
import { gateway } from './gateway.ts';
import { health } from './health.ts';
import { held } from './held.ts';
import { list } from './list.ts';
import { message } from './message.ts';
import { messages } from './messages.ts';
import { nearMissNames } from './near-miss-names.ts';
import { notices } from './notices.ts';
import { overview } from './overview.ts';
import { phaseMeanings } from './phase-meanings.ts';
import { phases } from './phases.ts';
import { resend } from './resend.ts';
import { routing } from './routing.ts';
import { rules } from './rules.ts';
import { sessions } from './sessions.ts';
import { start } from './start.ts';
import { statusBar } from './status-bar.ts';
import { timeline } from './timeline.ts';
import { topBar } from './top-bar.ts';
import { tour } from './tour.ts';
import { commands, commandTitles } from './commands.ts';
import { settingAbouts, settings, settingTitles } from './settings.ts';

/** Every text in English, the language that keys and places are typed after. */
export const en = {
  tour,
  health,
  held,
  bodyForms,
  body,
  cacheRules,
  cache,
  columns,
  commands,
  commandTitles,
  common,
  compare,
  connect,
  conversation,
  desktop,
  decision,
  details,
  fieldNotes,
  filterBar,
  filterKeys,
  gateway,
  list,
  message,
  messages,
  nearMissNames,
  notices,
  overview,
  resend,
  routing,
  rules,
  sessions,
  settingAbouts,
  settings,
  settingTitles,
  phaseMeanings,
  phases,
  start,
  statusBar,
  timeline,
  topBar,
} as const;
