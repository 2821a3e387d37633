import { fc } from '../support/property.ts';
import { describe, expect, it } from 'vitest';
import {
  FieldNames,
  getAllHeaders,
  getHeader,
  hasHeader,
  headerPairs,
  isHeaderName,
  joinedHeader,
  withoutHeaders,
} from '../../shared/headers.ts';

const LIST = ['Host', 'a', 'X-Two', '1', 'x-two', '2', 'Empty', ''];

describe('header lists', () => {
  it('finds fields whatever their case', () => {
    expect([getHeader(LIST, 'x-two'), getHeader(LIST, 'none'), getHeader(LIST, 'empty')]).toEqual(['1', undefined, '']);
    expect(getAllHeaders(LIST, 'x-two')).toEqual(['1', '2']);
    expect([joinedHeader(LIST, 'x-two'), joinedHeader(LIST, 'none'), joinedHeader(LIST, 'empty')]).toEqual([
      '1, 2',
      undefined,
      '',
    ]);
    expect([hasHeader(LIST, 'host'), hasHeader(LIST, 'hos')]).toEqual([true, false]);
  });

  it('changes copies only, and none without need', () => {
    expect(withoutHeaders(LIST, new FieldNames(['none']))).toBe(LIST);
    expect(withoutHeaders(LIST, new FieldNames(['x-two', 'host']))).toEqual(['Empty', '']);
    expect([...headerPairs(LIST)].at(1)).toEqual(['X-Two', '1']);
  });

  it('compares names as toLowerCase does, in ASCII', () => {
    const name = fc.stringMatching(/^[!-~]{0,12}$/);
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(isHeaderName(a, b.toLowerCase())).toBe(a.toLowerCase() === b.toLowerCase());
        expect(isHeaderName(a, a.toLowerCase())).toBe(true);
      }),
    );
  });
});
