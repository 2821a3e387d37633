import { bodyForms } from './body-forms.ts';
import { body } from './body.ts';
import { cacheRules } from './cache-rules.ts';
import { conversation } from './conversation.ts';
import { decision } from './decision.ts';
import { fieldNotes } from './field-notes.ts';
import { gateway } from './gateway.ts';
import { message } from './message.ts';
import { messages } from './messages.ts';
import { nearMissNames } from './near-miss-names.ts';
import { phaseMeanings } from './phase-meanings.ts';
import { phases } from './phases.ts';
import { routing } from './routing.ts';
import { timeline } from './timeline.ts';
import { settingAbouts } from './settings.ts';

/** What is said by parts of the window that are loaded when they are wanted, and comes with them. */
export const laterTexts = {
  bodyForms,
  body,
  cacheRules,
  conversation,
  decision,
  fieldNotes,
  gateway,
  message,
  messages,
  nearMissNames,
  routing,
  settingAbouts,
  phaseMeanings,
  phases,
  timeline,
} as const;
