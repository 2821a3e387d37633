/** Texts of views/compare. */
export const compare = {
  timeline: 'Timeline',
  phasesDiffer: '{{differ, number}} of {{all, number}} differ',
  same: 'the same',
  phase: 'Phase',
  bothOnOneAxis: 'Both on one axis',
  total: 'Total',
  noted: 'more than twice as long, and by more than 1 ms',
} as const;
