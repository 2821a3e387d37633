import { details } from './details.ts';
import { notices } from './notices.ts';
import { start } from './start.ts';
import { topBar } from './top-bar.ts';

/** Every text in English, the language that keys and places are typed after. */
export const en = { details, notices, start, topBar } as const;
