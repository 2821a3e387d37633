/** Short messages about what the person has just done (renderer/store). */
export const notices = {
  languageFailed: 'The language could not be changed. {{reason}}',
  undo: 'Undo',
  entryBack: 'The stored response is back.',
  clearedGone: 'What was cleared is not there any more.',
  cleared: 'The list was cleared.',
  purgedNothing: 'Nothing of this was stored any more.',
  purged_one: 'The stored response was purged.',
  purged_other: '{{count, number}} stored responses were purged.',
} as const;
