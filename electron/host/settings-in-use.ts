import type { Settings } from '../../shared/settings.ts';
import { askRunning } from './control-channel.ts';
import { SettingsFile } from './settings-file.ts';

/** Settings, and who has them: a running Hopscope may have others than the file, by its flags. */
export interface SettingsInUse {
  readonly settings: Settings;
  readonly from: 'running' | 'file';
}

/** The settings of the Hopscope that runs on a data directory, or else those that the next one begins with. */
export async function settingsInUse(dataDir: string): Promise<SettingsInUse> {
  // One of another user cannot be asked, and one that is just ending does not answer: the file counts then.
  const answer = await askRunning(dataDir, 'engine.snapshot', undefined).catch(() => undefined);
  if (answer?.ok === true) return { settings: answer.value.settings, from: 'running' };
  return { settings: await SettingsFile.peek(dataDir), from: 'file' };
}
