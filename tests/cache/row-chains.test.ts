import { describe, expect, it } from 'vitest';
import { RowChains } from '../../electron/engine/cache/stores/row-chains.ts';

describe('rows by their hashes', () => {
  it('are found the newest first, up to a limit, and apart from others whose hash ends alike', () => {
    const chains = new RowChains();
    // Equal in their last bits, which choose the chain; the second is beyond what a small integer holds.
    const [one, other] = [0x1234, 0xf0001234];
    chains.add(one, 10);
    chains.add(other, 20);
    chains.add(one, 30);
    chains.add(one, 40);
    expect(chains.rowsWith(one, Number.POSITIVE_INFINITY)).toEqual([40, 30, 10]);
    expect(chains.rowsWith(one, 2)).toEqual([40, 30]);
    expect(chains.rowsWith(other, 5)).toEqual([20]);
    expect(chains.rowsWith(0x9234, 5)).toEqual([]);
  });

  it('are all found, however many there are, and none once they are cleared', () => {
    const chains = new RowChains();
    const hashOf = (row: number): number => Math.imul(row, 0x9e3779b1) >>> 0;
    for (let row = 0; row < 10_000; row++) chains.add(hashOf(row), row);
    const lost = Array.from({ length: 10_000 }, (_, row) => row).filter(
      (row) => chains.rowsWith(hashOf(row), 1)[0] !== row,
    );
    expect(lost).toEqual([]);
    chains.clear();
    expect(chains.rowsWith(hashOf(7), 1)).toEqual([]);
    chains.add(hashOf(7), 70);
    expect(chains.rowsWith(hashOf(7), 9)).toEqual([70]);
  });
});
