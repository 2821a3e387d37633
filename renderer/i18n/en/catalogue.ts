import { common } from './common.ts';
import { compare } from './compare.ts';
import { connect } from './connect.ts';
import { details } from './details.ts';
import { list } from './list.ts';
import { notices } from './notices.ts';
import { overview } from './overview.ts';
import { sessions } from './sessions.ts';
import { start } from './start.ts';
import { timeline } from './timeline.ts';
import { topBar } from './top-bar.ts';

/** Every text in English, the language that keys and places are typed after. */
export const en = {
  common,
  compare,
  connect,
  details,
  list,
  notices,
  overview,
  sessions,
  start,
  timeline,
  topBar,
} as const;
