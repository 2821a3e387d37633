import { COMMAND_IDS, commandFacts } from '../../shared/commands.ts';
import type { CommandId } from '../../shared/commands.ts';

/** What a key press is made of. */
interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Whether the keys of a Mac are used, where Command is what Control is elsewhere. */
export const ON_MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

const COMMANDS_BY_KEYS = new Map<string, CommandId[]>();
for (const id of COMMAND_IDS) {
  for (const keys of commandFacts(id).keys) COMMANDS_BY_KEYS.set(keys, [...(COMMANDS_BY_KEYS.get(keys) ?? []), id]);
}

/** The commands that a key press stands for; which of them can be done is for each of them to say. */
export function commandsOf(press: KeyPress, mac = ON_MAC): readonly CommandId[] {
  const keys = combinationOf(press, mac);
  return keys === undefined ? [] : (COMMANDS_BY_KEYS.get(keys) ?? []);
}

/**
 * A key press in the words of shared/commands.ts; undefined with a modifier that none of them has. Where a character is
 * depends on the keyboard, so Shift counts for letters and named keys alone: `?` is `?` however it is typed.
 */
function combinationOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress, mac: boolean): string | undefined {
  if (altKey || (mac ? ctrlKey : metaKey)) return undefined;
  const named = key.length > 1;
  const lower = named ? key : key.toLowerCase();
  const shifted = shiftKey && (named || lower !== lower.toUpperCase());
  return `${ctrlKey || metaKey ? 'Mod+' : ''}${shifted ? 'Shift+' : ''}${lower}`;
}

/** Whether a combination may be pressed in the middle of a text without being a part of it. */
export function worksWhileTyping(press: KeyPress): boolean {
  return press.ctrlKey || press.metaKey || /^F\d+$/.test(press.key);
}

const WORDS: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Delete: 'Del',
  Backspace: '⌫',
};
const MAC_WORDS: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Enter: '↩' };

/** A combination as it stands on the keys: `Ctrl Shift Del`, or `⌘ ⇧ Del` on a Mac. */
export function keyWords(keys: string, mac = ON_MAC): string {
  return keys
    .split('+')
    .map((part) => (mac ? MAC_WORDS[part] : undefined) ?? WORDS[part] ?? (part === 'Mod' ? 'Ctrl' : upper(part)))
    .join(' ');
}

/** The first combination that runs a command, for a tooltip or a menu; undefined for a command without keys. */
export function keysOf(id: CommandId): string | undefined {
  const [first] = commandFacts(id).keys;
  return first === undefined ? undefined : keyWords(first);
}

function upper(part: string): string {
  return part.length === 1 ? part.toUpperCase() : part;
}
