import { onTestFinished } from 'vitest';
import { DiskStore } from '../../electron/engine/cache/stores/disk-store.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { describeStore } from './store-contract.ts';

async function open(caps: { maxBytes: number; maxBodyBytes: number }, memoryBytes: number): Promise<DiskStore> {
  const store = await DiskStore.open({
    ...{ directory: await temporaryDirectory(), memoryBytes, ...caps },
    onFailed: (error) => {
      throw error;
    },
  });
  onTestFinished(() => store.close());
  return store;
}

describeStore('disk store', (caps) => open(caps, 1_000_000));
describeStore('disk store that reads everything back', async (caps) => {
  const store = await open(caps, 0);
  const begin = store.begin.bind(store);
  store.begin = (whole) => {
    const writer = begin(whole);
    return {
      write: (chunk) => writer.write(chunk),
      abort: () => writer.abort(),
      commit: async (trailers, head) => {
        const entry = await writer.commit(trailers, head);
        await store.flush();
        return entry;
      },
    };
  };
  return store;
});
