/** One measured number beside what is wanted. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** Not more than this. */
  readonly target: number;
  readonly unit: 'ms' | 'MB' | 'kB' | 'requests';
}

/** Prints figures as a table. Says whether all are within their targets. */
export function printFigures(figures: readonly Figure[]): boolean {
  const width = Math.max(...figures.map(({ what }) => what.length));
  for (const { what, value, target, unit } of figures) {
    const number = value.toFixed(unit === 'requests' ? 0 : 1).padStart(8);
    console.log(
      `  ${what.padEnd(width)} ${number} ${unit}  (target ${target} ${unit})${value <= target ? '' : '  MISSED'}`,
    );
  }
  return figures.every(({ value, target }) => value <= target);
}

/** The value that `share` of all are not above. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
