import type { CommandSection } from '../../shared/commands.ts';

/** Keys of one part of the window, which mean something only while that part has the keyboard. */
interface WidgetKeys {
  readonly section: CommandSection;
  readonly keys: readonly string[];
  readonly title: string;
}

/** What the sheet tells besides the commands. The parts themselves handle these keys. */
export const WIDGET_KEYS: readonly WidgetKeys[] = [
  { section: 'list', keys: ['Shift+ArrowUp', 'Shift+ArrowDown'], title: 'Select several rows' },
  { section: 'list', keys: ['Shift+F10'], title: 'Menu of the selected rows' },
  { section: 'filter', keys: ['Enter', 'ArrowDown'], title: 'From the filter to the list, or into its suggestions' },
  { section: 'filter', keys: ['Escape'], title: 'In the filter: clear it' },
  {
    section: 'details',
    keys: ['ArrowLeft', 'ArrowRight'],
    title: 'Previous or next tab; in the timeline from bar to bar',
  },
  { section: 'details', keys: ['Mod+f'], title: 'In a body: find' },
  { section: 'view', keys: ['ArrowLeft', 'ArrowRight'], title: 'On the line between two panes: move it' },
];
