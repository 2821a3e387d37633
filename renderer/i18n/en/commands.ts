import { COMMANDS } from '../../../shared/commands.ts';
import type { CommandId } from '../../../shared/commands.ts';

type Titles = { readonly [Id in CommandId]: (typeof COMMANDS)[Id]['title'] };

/** What each command is called, by its id; in English as the table of commands has it. */
export const commandTitles = Object.fromEntries(
  Object.entries(COMMANDS).map(([id, { title }]) => [id, title]),
) as Titles;

/** Texts of views/palette and views/keyboard. */
export const commands = {
  shortcuts: 'Keyboard shortcuts',
  searchShortcuts: 'Search the shortcuts',
  shortcutPlaceholder: 'What to do, or a key',
  noShortcut: 'No shortcut matches.',
  go: 'Go to',
  list: 'List',
  filter: 'Filter',
  details: 'Details',
  rules: 'Rules',
  recording: 'Recording',
  cache: 'Cache',
  view: 'View',
  help: 'Help',
  groups: 'In a grouped list: open and close groups',
  sortByTitle: 'On a column’s title: sort by it',
  moveTitle: 'On a column’s title: move the column',
  resizeTitle: 'On a column’s title: make it narrower or wider',
  chip: 'On a part of the filter: turn it into its opposite, take it away',
  selectSeveral: 'Select several rows',
  undo: 'Undo what was deleted, cleared or purged, while its notice offers it',
  purgeEntry: 'In the list of stored responses: purge the selected one',
  rowMenu: 'Menu of the selected rows',
  fromFilter: 'From the filter to the list, or into its suggestions',
  clearFilter: 'In the filter: clear it',
  tabs: 'Previous or next tab; in the timeline from bar to bar',
  findInBody: 'In a body: find',
  splitter: 'On the line between two panes: move it',
  palette: 'Command palette',
  find: 'Find a command, a setting, an upstream, a filter or a request',
  choices: 'What can be chosen',
  upstream: 'Upstream: {{name}}',
  demo: 'Demo site',
  builtIn: 'Built in',
  none: 'None',
  forwardOnly: 'Forward proxy only',
  setting: 'Setting: {{title}}',
  filterBy: 'Filter: {{filter}}',
} as const;
