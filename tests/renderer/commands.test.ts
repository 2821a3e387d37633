import { expect, test } from 'vitest';
import { COMMAND_IDS, commandFacts, isCommandId } from '../../shared/commands.ts';
import { commandsOf, keyWords } from '../../renderer/commands/key-combination.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

/** A press of a combination of the table, as a browser tells it. */
function press(keys: string, mac: boolean): Parameters<typeof commandsOf>[0] {
  const parts = keys.split('+');
  const key = parts.at(-1) ?? '';
  const shiftKey = parts.includes('Shift');
  const mod = parts.includes('Mod');
  return {
    key: shiftKey && key.length === 1 ? key.toUpperCase() : key,
    ...{ ...plain, shiftKey, ctrlKey: mod && !mac, metaKey: mod && mac },
  };
}

test.each([false, true])('every combination of the table leads to its command and to no other (Mac: %s)', (mac) => {
  for (const id of COMMAND_IDS) {
    for (const keys of commandFacts(id).keys) expect([keys, commandsOf(press(keys, mac), mac)]).toEqual([keys, [id]]);
  }
});

test('a character is meant however it is typed, and a letter only with the Shift it is listed with', () => {
  expect(commandsOf({ ...plain, key: '?', shiftKey: true })).toEqual(['help.keys']);
  expect(commandsOf({ ...plain, key: 'T' })).toEqual(['go.traffic']);
  expect(commandsOf({ ...plain, key: 'T', shiftKey: true })).toEqual([]);
  expect(commandsOf({ ...plain, key: 't', altKey: true })).toEqual([]);
  expect(commandsOf({ ...plain, key: 'e', ctrlKey: true }, true)).toEqual([]);
});

test('a combination reads as it stands on the keys', () => {
  expect(keyWords('Mod+Shift+Delete', false)).toBe('Ctrl Shift Del');
  expect(keyWords('Mod+Shift+Delete', true)).toBe('⌘ ⇧ Del');
  expect(keyWords('j', false)).toBe('J');
});

test('ids from outside are known, or not', () => {
  expect(isCommandId('go.traffic')).toBe(true);
  expect(isCommandId('toString')).toBe(false);
  expect(isCommandId(7)).toBe(false);
});
