import type { CommandSection } from '../../shared/commands.ts';
import type { PlainKey } from '../i18n/translate.ts';

/** Keys of one part of the window, which mean something only while that part has the keyboard. */
interface WidgetKeys {
  readonly section: CommandSection;
  readonly keys: readonly string[];
  readonly title: PlainKey;
}

/** What the sheet tells besides the commands. The parts themselves handle these keys. */
export const WIDGET_KEYS: readonly WidgetKeys[] = [
  { section: 'list', keys: ['Shift+ArrowUp', 'Shift+ArrowDown'], title: 'commands.selectSeveral' },
  { section: 'list', keys: ['Mod+z'], title: 'commands.undo' },
  { section: 'list', keys: ['Shift+F10'], title: 'commands.rowMenu' },
  { section: 'list', keys: ['ArrowRight', 'ArrowLeft'], title: 'commands.groups' },
  { section: 'list', keys: ['Enter'], title: 'commands.sortByTitle' },
  { section: 'list', keys: ['Alt+ArrowLeft', 'Alt+ArrowRight'], title: 'commands.moveTitle' },
  { section: 'list', keys: ['Shift+ArrowLeft', 'Shift+ArrowRight'], title: 'commands.resizeTitle' },
  { section: 'filter', keys: ['Enter', 'ArrowDown'], title: 'commands.fromFilter' },
  { section: 'filter', keys: ['Escape'], title: 'commands.clearFilter' },
  { section: 'filter', keys: ['Enter', 'Delete'], title: 'commands.chip' },
  {
    section: 'details',
    keys: ['ArrowLeft', 'ArrowRight'],
    title: 'commands.tabs',
  },
  { section: 'details', keys: ['Mod+f'], title: 'commands.findInBody' },
  { section: 'cache', keys: ['Delete'], title: 'commands.purgeEntry' },
  { section: 'view', keys: ['ArrowLeft', 'ArrowRight'], title: 'commands.splitter' },
];
