/** Short messages about what the person has just done (renderer/store). */
export const notices = {
  languageFailed: 'The language could not be changed. {{reason}}',
  undo: 'Undo',
  entryBack: 'The stored response is back.',
  clearedGone: 'What was taken away is not there any more.',
  cleared: 'The list was cleared.',
  deleted_one: '{{count, number}} request was deleted.',
  deleted_other: '{{count, number}} requests were deleted.',
  nothingToDelete: 'There is nothing of that kind to delete.',
  deletedNothing: 'What still runs cannot be deleted.',
  deleteFewer: 'At most {{count, number}} requests can be deleted at once. To forget everything, clear the list.',
  purgedNothing: 'Nothing of this is stored.',
  purged_one: 'The stored response was purged.',
  purged_other: '{{count, number}} stored responses were purged.',
} as const;
