import { fc } from '../support/property.ts';
import { describe, expect, it } from 'vitest';
import { formatHttpDate, parseHttpDate } from '../../electron/engine/http/http-date.ts';

const NOW = Date.UTC(2026, 0, 1);
const MOMENT = Date.UTC(1994, 10, 6, 8, 49, 37);

describe('RFC 9110 §5.6.7: dates', () => {
  it.each<[string, number | undefined]>([
    ['Sun, 06 Nov 1994 08:49:37 GMT', MOMENT],
    ['Sunday, 06-Nov-94 08:49:37 GMT', MOMENT],
    ['Sun Nov  6 08:49:37 1994', MOMENT],
    ['  Sun, 06 Nov 1994 08:49:37 GMT ', MOMENT],
    ['sUN, 06 nOV 1994 08:49:37 gmt', MOMENT],
    ['Wednesday, 06-Nov-75 08:49:37 GMT', Date.UTC(2075, 10, 6, 8, 49, 37)],
    ['Wednesday, 01-Jan-76 00:00:00 GMT', Date.UTC(2076, 0, 1)],
    ['Wednesday, 01-Jan-76 00:00:01 GMT', Date.UTC(1976, 0, 1, 0, 0, 1)],
    ['Wednesday, 06-Nov-77 08:49:37 GMT', Date.UTC(1977, 10, 6, 8, 49, 37)],
    ['Sat, 30 Dec 1995 23:59:60 GMT', Date.UTC(1995, 11, 31)],
    ['Sun, 06 Nov 1994 08:49:37 UTC', undefined],
    ['Sun, 06 Nov 1994 08:49:37 AEST', undefined],
    ['Sun, 06 Nov 1994 08:49:37 +0000', undefined],
    ['Sun, 06 Nov 1994 08:49:37', undefined],
    ['Sun, 6 Nov 1994 08:49:37 GMT', undefined],
    ['Sun, 06 Nov 94 08:49:37 GMT', undefined],
    ['Sun, 06-Nov-1994 08:49:37 GMT', undefined],
    ['Sun 06 Nov 1994 08:49:37 GMT', undefined],
    ['Sun, 06  Nov 1994 08:49:37 GMT', undefined],
    ['Sun, 06 Nov 1994 8:49:37 GMT', undefined],
    ['Sun, 06 Nov 1994 08.49.37 GMT', undefined],
    ['Sun, 06 Nov 1994 24:00:00 GMT', undefined],
    ['Sun, 31 Feb 1994 08:49:37 GMT', undefined],
    ['Sun, 00 Jan 1994 08:49:37 GMT', undefined],
    ['Son, 06 Nov 1994 08:49:37 GMT', undefined],
    ['Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT', undefined],
    ['784111777', undefined],
    ['0', undefined],
    ['Sun, 06 Nov 1994 08:49:37 GMT\u00a0', undefined],
    ['', undefined],
  ])('%j', (text, expected) => {
    expect(parseHttpDate(text, NOW)).toBe(expected);
  });

  it('reads what it writes, to the second', () => {
    const time = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });
    fc.assert(
      fc.property(time, (moment) => {
        expect(parseHttpDate(formatHttpDate(moment), NOW)).toBe(Math.floor(moment / 1000) * 1000);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseHttpDate(text, NOW)));
  });
});
