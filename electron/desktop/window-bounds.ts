import * as v from 'valibot';

/** A rectangle in the system's device-independent pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where and how the window was. */
export interface WindowState {
  /** Its place while it is neither maximised nor on the full screen. */
  readonly bounds: Rectangle;
  readonly maximized: boolean;
}

const pixels = v.pipe(v.number(), v.safeInteger(), v.minValue(-100_000), v.maxValue(100_000));
const length = v.pipe(pixels, v.minValue(1));

/** What a window's state must look like in its file. */
export const windowStateSchema = v.object({
  bounds: v.object({ x: pixels, y: pixels, width: length, height: length }),
  maximized: v.boolean(),
});

export const DEFAULT_SIZE = { width: 1360, height: 860 };
export const SMALLEST = { width: 820, height: 520 };
/** As much of a window must be on a display (pixels) that it can be seen and taken hold of. */
const GRIP = 80;

/**
 * Where a window is to be opened: where it was, moved and made smaller as far as the displays of today ask for. Without `x` and
 * `y` the system chooses the place.
 *
 * @param areas of the displays, less what bars and docks take; the first one is the main display's.
 */
export function boundsFor(
  saved: WindowState | undefined,
  areas: readonly Rectangle[],
): Omit<Rectangle, 'x' | 'y'> & { readonly x?: number; readonly y?: number } {
  const [main] = areas;
  if (main === undefined) return DEFAULT_SIZE;
  if (saved === undefined) return fitSize(DEFAULT_SIZE, main);
  const { bounds } = saved;
  const home = areas.find((area) => overlap(bounds, area));
  // Its display is gone: it keeps its size, and the system finds it a place.
  if (home === undefined) return fitSize(bounds, main);
  const size = fitSize(bounds, home);
  return {
    ...size,
    x: within(bounds.x, home.x, home.width - size.width),
    y: within(bounds.y, home.y, home.height - size.height),
  };
}

function fitSize(
  { width, height }: Pick<Rectangle, 'width' | 'height'>,
  area: Rectangle,
): { width: number; height: number } {
  return {
    width: Math.max(SMALLEST.width, Math.min(width, area.width)),
    height: Math.max(SMALLEST.height, Math.min(height, area.height)),
  };
}

/** Whether enough of a window is in an area; its title bar is at its top. */
function overlap(window: Rectangle, area: Rectangle): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return width >= GRIP && window.y >= area.y - GRIP && window.y <= area.y + area.height - GRIP;
}

function within(position: number, start: number, room: number): number {
  return Math.min(Math.max(position, start), start + Math.max(0, room));
}
