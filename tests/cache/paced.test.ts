import { expect, it } from 'vitest';
import { paced } from '../../electron/engine/cache/stores/paced.ts';

it('passes everything on in its order', () => {
  expect([...paced(['a', 'b', 'c'])]).toEqual(['a', 'b', 'c']);
});

it('lets go of the core again and again while there is much to do', () => {
  const before = process.resourceUsage().voluntaryContextSwitches;
  for (const _item of paced(Array.from({ length: 100 }))) {
    const start = performance.now();
    while (performance.now() - start < 0.4);
  }
  expect(process.resourceUsage().voluntaryContextSwitches - before).toBeGreaterThanOrEqual(100);
});
