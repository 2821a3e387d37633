import type { ListLines } from './list-lines.ts';
import { idsBetween, moveSelection } from './selection.ts';
import type { Move } from './selection.ts';
import type { UiStore } from './ui-store.ts';

/** The list's lines, and where the person is among them. */
interface Listed {
  readonly ui: UiStore;
  readonly lines: ListLines;
}

/** The line that the keyboard is at: an exchange's id, or a group's line. */
export function currentLine({ ui, lines }: Listed): number | null {
  const { selectedId, groupCursor } = ui.getState();
  return selectedId ?? lines.groupByKey(groupCursor)?.line ?? null;
}

/** Goes to a line: selects the exchange, or leaves all of them for a group. */
export function goToLine({ ui, lines }: Listed, line: number): void {
  const group = lines.groupAt(line);
  if (group === undefined) ui.setState({ selectedId: line, selection: new Set([line]) });
  else ui.setState({ selectedId: null, selection: new Set(), groupCursor: group.key });
}

/** @param page lines that fit on the screen. @param extending whether what is passed comes to the selection */
export function moveCursor(listed: Listed, move: Move, page: number, extending = false): void {
  const { ui, lines } = listed;
  const find = (line: number): ReturnType<ListLines['positionOf']> => lines.positionOf(line);
  const from = currentLine(listed);
  const line = moveSelection(lines.ids, from, move, page, find);
  if (line === undefined) return;
  if (!extending || line < 0) {
    goToLine(listed, line);
    return;
  }
  const passed = idsBetween(lines.ids, find, from, line).filter((one) => one > 0);
  ui.setState({ selectedId: line, selection: new Set([...ui.getState().selection, ...passed]) });
}

/**
 * Left and Right in a tree: a closed group opens and an open one closes; from there Right goes to what is in it, and Left to
 * the group that something is in.
 */
export function turnCursor(listed: Listed, direction: 'left' | 'right'): void {
  const { lines } = listed;
  const line = currentLine(listed);
  if (line === null) return;
  const group = lines.groupAt(line);
  const isOpen = group !== undefined && lines.isOpen(group);
  if (direction === 'right') {
    if (isOpen) moveCursor(listed, 'next', 1);
    else if (group !== undefined) lines.setOpen(group, true);
  } else if (isOpen) lines.setOpen(group, false);
  else {
    const outer = group === undefined ? lines.groupOf(line) : group.parent;
    if (outer !== undefined) goToLine(listed, outer.line);
  }
}
