import type { KeyboardEvent, MouseEvent } from 'react';
import type { Inspector } from '../../store/inspector.ts';
import { currentLine, goToLine, moveCursor, turnCursor } from '../../store/list-cursor.ts';
import { idsBetween } from '../../store/selection.ts';
import { listMove } from '../rows/list-keys.ts';
import { lineAt } from './row-element.ts';

/**
 * A click selects one row; with Shift all up to it, with Ctrl it comes to the others or leaves them. On a group it opens or
 * closes that.
 */
export function pressRow(event: MouseEvent, inspector: Inspector): void {
  const { ui, lines } = inspector;
  const line = event.button === 0 ? lineAt(event.target) : undefined;
  if (line === undefined) return;
  const group = lines.groupAt(line);
  const { selectedId, selection } = ui.getState();
  if (group !== undefined) {
    goToLine(inspector, line);
    lines.setOpen(group, !lines.isOpen(group));
  } else if (event.shiftKey) {
    event.preventDefault();
    const passed = idsBetween(lines.ids, (one) => lines.positionOf(one), selectedId, line);
    ui.setState({ selection: new Set(passed.filter((one) => one > 0)) });
  } else if (!event.ctrlKey && !event.metaKey) {
    ui.setState({ selectedId: line, selection: new Set([line]), detailsOpen: true });
  } else if (selection.size > 1 && selection.has(line)) {
    const rest = new Set([...selection].filter((other) => other !== line));
    ui.setState({ selection: rest, ...(line === selectedId ? { selectedId: [...rest].at(-1) ?? null } : {}) });
  } else ui.setState({ selection: new Set([...selection, line]), selectedId: line });
}

/** @param page lines that fit on the screen */
export function pressKey(event: KeyboardEvent, inspector: Inspector, page: number): void {
  const move = listMove(event);
  if (move !== undefined) moveCursor(inspector, move, page, event.shiftKey);
  else if (!treeKey(event, inspector)) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Keys that only a tree has; says whether the press was one of them. */
function treeKey(event: KeyboardEvent, inspector: Inspector): boolean {
  const { lines } = inspector;
  if (!lines.grouped || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    turnCursor(inspector, event.key === 'ArrowLeft' ? 'left' : 'right');
    return true;
  }
  const group = lines.groupAt(currentLine(inspector) ?? 0);
  if (group === undefined || (event.key !== 'Enter' && event.key !== ' ')) return false;
  lines.setOpen(group, !lines.isOpen(group));
  return true;
}
