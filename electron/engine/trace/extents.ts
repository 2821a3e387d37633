/** Where a part of a captured body lies. */
export interface Extent {
  readonly segment: number;
  readonly offset: number;
  readonly length: number;
}

/** Adds an extent to a flat list, as a part of the last one where it continues that. */
export function addExtent(extents: number[], segment: number, offset: number, length: number): void {
  const last = extents.length - 3;
  const continues =
    last >= 0 && extents[last] === segment && (extents[last + 1] as number) + (extents[last + 2] as number) === offset;
  if (continues) extents[last + 2] = (extents[last + 2] as number) + length;
  else extents.push(segment, offset, length);
}

/** Where the bytes from `offset` up to `offset + length` of a body lie; fewer where the body ends. */
export function partsOf(extents: readonly Extent[], offset: number, length: number): Extent[] {
  const parts: Extent[] = [];
  let start = 0;
  for (const extent of extents) {
    const from = Math.max(offset, start);
    const to = Math.min(offset + length, start + extent.length);
    if (from < to) parts.push({ segment: extent.segment, offset: extent.offset + from - start, length: to - from });
    start += extent.length;
  }
  return parts;
}

/** The extents of a flat list: segment, offset, length, … */
export function extentsOf(flat: readonly number[]): Extent[] {
  const extents: Extent[] = [];
  for (let i = 0; i < flat.length; i += 3) {
    extents.push({ segment: flat[i] as number, offset: flat[i + 1] as number, length: flat[i + 2] as number });
  }
  return extents;
}
