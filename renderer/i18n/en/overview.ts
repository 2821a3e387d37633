/** Texts of views/overview. */
export const overview = {
  range: 'Time range',
  bars_one:
    '{{count, number}} request over {{time}}, {{hits, number}} from the cache, {{errors, number}} with an error',
  bars_other:
    '{{count, number}} requests over {{time}}, {{hits, number}} from the cache, {{errors, number}} with an error',
  from: 'From',
  to: 'To',
  clear: 'Show all times',
} as const;
