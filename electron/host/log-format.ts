import { COMMAND_NAMES } from './command-names.ts';

/** How `hopscope serve` tells on stderr what happens: to people, or to programs as one JSON object a line. */
export type LogFormat = 'text' | 'json';

const FLAG = '--log-format';

/** The format that a command line asks for, however wrong the rest of it is: that is told in this format as well. */
export function logFormatOf(words: readonly string[]): LogFormat {
  const [command = ''] = words;
  // "serve" may be left out, and none of the others has the flag.
  if (command !== 'serve' && COMMAND_NAMES.includes(command)) return 'text';
  let value: string | undefined;
  for (const [i, word] of words.entries()) {
    if (word === '--') break;
    if (word === FLAG) value = words[i + 1];
    else if (word.startsWith(`${FLAG}=`)) value = word.slice(FLAG.length + 1);
  }
  return value === 'json' ? 'json' : 'text';
}

/** A sentence as a line for stderr. @param event an error is what the command ends for */
export function logLine(format: LogFormat, event: 'warning' | 'error', sentence: string): string {
  return format === 'text' ? `hopscope: ${sentence}\n` : `${JSON.stringify({ event, message: sentence })}\n`;
}
