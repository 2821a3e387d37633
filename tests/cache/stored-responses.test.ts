import { expect, it, onTestFinished } from 'vitest';
import { DiskStore } from '../../electron/engine/cache/stores/disk-store.ts';
import { StoredResponses } from '../../electron/engine/cache/stores/stored-responses.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { headOf, put } from './store-entries.ts';

it('finds entries by number, by URL and by key, whatever answers for the URL', async () => {
  const directory = await temporaryDirectory();
  const store = await DiskStore.open({
    ...{ directory, maxBytes: 1e6, memoryBytes: 1e6 },
    onFailed: (error) => {
      throw error;
    },
  });
  const uri = 'http://example.test/page?a';
  const heads = [
    headOf({}, { uri }),
    { ...headOf({}, { uri }), key: `${uri}#application/shop` },
    headOf({}, { uri: 'http://example.test/page?b' }),
    { ...headOf({}, { uri: 'http://example.test/other' }), key: '/other' },
    headOf({}, { uri: 'http://example.test/x/../y{z}|"q' }),
  ];
  for (const head of heads) await put(store, head);
  await store.close();
  const found = StoredResponses.open(directory);
  onTestFinished(() => found.close());
  const ids = (name: string): number[] => found.find(name).map(({ id }) => id);
  expect(ids(uri)).toEqual([1, 2]);
  expect(ids('HTTP://EXAMPLE.test:80/page?a')).toEqual([1, 2]);
  expect(ids(`${uri}#application/shop`)).toEqual([2]);
  expect(ids('http://example.test/page')).toEqual([]);
  expect(ids('http://example.test/other')).toEqual([4]);
  expect(ids('/other')).toEqual([4]);
  expect(ids('http://example.test/x/../y{z}|"q')).toEqual([5]);
  expect(ids('3')).toEqual([3]);
});
