import { formatDuration } from '../../format/units.ts';
import { visibleText } from '../../format/visible-text.ts';
import type { Conversation, ConversationMessage } from './conversation.ts';
import type { Translate } from '../../i18n/translate.ts';

/** The conversation as a Mermaid sequence diagram, for documents and issues. Captured text cannot leave its line. */
export function conversationToMermaid(t: Translate, { lanes, messages }: Conversation): string {
  const people = lanes.map(
    ({ id, name, who }) => `  participant ${id} as ${alias(who === '' ? name : `${name} (${who})`)}`,
  );
  return ['sequenceDiagram', ...people, ...messages.map((message) => line(t, message)), ''].join('\n');
}

function line(t: Translate, message: ConversationMessage): string {
  const { from, to, at, text, exchange } = message;
  const whole = exchange === undefined ? text : t('conversation.aside', { text, id: exchange });
  const words = escape(`${formatDuration(at)} · ${whole}`);
  return from === to ? `  Note over ${from}: ${words}` : `  ${from}${arrow(message)}${to}: ${words}`;
}

function arrow({ answer, tone }: ConversationMessage): string {
  if (tone === 'bad') return answer ? '--x' : '-x';
  return answer ? '-->>' : '->>';
}

/** Mermaid reads `#`, `;` and markup inside a text; each has a numeric name that it shows as the character. */
function escape(text: string): string {
  return visibleText(text).replace(/[#;<>&%{}"\\]/g, (character) => `#${character.charCodeAt(0)};`);
}

/** Names of participants know no escapes: what could end one is left out. */
function alias(text: string): string {
  return visibleText(text).replace(/[^\p{L}\p{N} .,:/_()[\]@-]/gu, '');
}
