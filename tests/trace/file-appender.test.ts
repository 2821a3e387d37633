import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BlockPool, FileAppender } from '../../electron/engine/trace/file-appender.ts';
import { temporaryDirectory } from '../support/recorder.ts';

test('a place that was reserved is filled before it is written, though reserving it is what starts the writing', async () => {
  const path = join(await temporaryDirectory(), 'appended');
  const file: FileAppender = new FileAppender(path, new BlockPool(), {
    unwritten: (bytes) => {
      if (bytes > 0) file.write();
    },
    written: () => undefined,
    failed: () => undefined,
  });
  onTestFinished(() => file.close());
  const append = (text: string, meanwhile?: () => void): void => {
    const { block, start } = file.reserve(text.length);
    meanwhile?.();
    block.bytes.write(text, start, 'latin1');
  };
  append('first ');
  // From here on the file is open, and a write is with another thread as soon as it is started.
  await file.flushed();
  const { size } = statSync(path);
  append('second', () => {
    for (let look = 0; look < 5_000; look++) expect(statSync(path).size).toBe(size);
  });
  expect((await file.read(0, file.size)).toString('latin1')).toBe('first second');
});

test('a piece of any length has a place of its own, also one that is larger than a block', async () => {
  const path = join(await temporaryDirectory(), 'appended');
  const file = new FileAppender(path, new BlockPool(), {
    unwritten: () => undefined,
    written: () => undefined,
    failed: () => undefined,
  });
  onTestFinished(() => file.close());
  const pieces = [1, 300_001, 7, 262_145, 300_002].map((length, index) => Buffer.alloc(length, index + 1));
  for (const piece of pieces) {
    const { block, start } = file.reserve(piece.length);
    block.bytes.set(piece, start);
  }
  expect((await file.read(0, file.size)).equals(Buffer.concat(pieces))).toBe(true);
});
