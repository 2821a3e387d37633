import * as v from 'valibot';

/** The schema of a whole number within limits. @param rule says what it is, whichever way a value is not. */
export function wholeNumber(least: number, most: number, rule: string) {
  return v.pipe(v.number(rule), v.integer(rule), v.minValue(least, rule), v.maxValue(most, rule));
}
