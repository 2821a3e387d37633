// Records exchanges in the directory it is given until it is killed, and tells after each flush how many are on disk.
import { setImmediate } from 'node:timers/promises';
import { createRecorder } from '../../electron/engine/trace/recorder.ts';
import { defaultSettings } from '../../shared/settings.ts';
import { recordLoad } from './load-exchange.ts';

const [directory = ''] = process.argv.slice(2);
const recorder = await createRecorder({ directory, settings: defaultSettings().record });
let count = 0;
for (;;) {
  for (let i = 0; i < 37; i++) recordLoad(recorder, ++count);
  await recorder.flushed();
  process.stdout.write(`${count}\n`);
  // The kill finds these on their way to the disk.
  for (let i = 0; i < 11; i++) recordLoad(recorder, ++count);
  await setImmediate();
}
