import { messageOf } from '../../shared/message-of.ts';
import type { Settings } from '../../shared/settings.ts';
import { defaultSettings } from '../../shared/settings.ts';
import { askRunning } from './control-channel.ts';
import { SettingsFile, whyUnusable } from './settings-file.ts';

/** Settings, and who has them: a running Hopscope may have others than the file, by its flags. */
export interface SettingsInUse {
  readonly settings: Settings;
  readonly from: 'running' | 'file';
  /** What kept better ones from being known, in sentences. */
  readonly troubles: readonly string[];
}

/** The settings of the Hopscope that runs on a data directory, or else those that the next one begins with. */
export async function settingsInUse(dataDir: string): Promise<SettingsInUse> {
  const troubles: string[] = [];
  try {
    const answer = await askRunning(dataDir, 'engine.snapshot', undefined);
    if (answer?.ok === true) return { settings: answer.value.settings, from: 'running', troubles };
    if (answer !== undefined) troubles.push(unasked(answer.error.message));
  } catch (error) {
    // One of another user cannot be asked, and one that is just ending does not answer.
    troubles.push(unasked(messageOf(error)));
  }
  try {
    return { settings: await SettingsFile.peek(dataDir), from: 'file', troubles };
  } catch (error) {
    troubles.push(`settings.json in ${dataDir} cannot be used (${whyUnusable(error)}); the defaults count here`);
    return { settings: defaultSettings(), from: 'file', troubles };
  }
}

function unasked(reason: string): string {
  return `the running Hopscope did not tell its settings (${reason}); those of settings.json count here`;
}
