import { InvalidArgumentError } from 'commander';
import * as v from 'valibot';
import type { SettingsPatch } from '../../shared/settings.ts';
import { defaultSettings, mergeSettings, settingsPatchSchema } from '../../shared/settings.ts';

/** Throws commander's error with what the settings' schema says of `patch`, which a flag means. */
export function checkPatch(patch: SettingsPatch): void {
  try {
    mergeSettings(defaultSettings(), v.parse(settingsPatchSchema, patch));
  } catch (error) {
    // Where it would stand in the settings says nothing to whoever wrote a flag.
    if (error instanceof v.ValiError) throw new InvalidArgumentError(sentence(error.message));
    throw error;
  }
}

/** A schema's message as commander's are: a sentence. What it quotes at its beginning stays as it is. */
export function sentence(message: string): string {
  const begun = /^[a-z]+ /.test(message) ? message.charAt(0).toUpperCase() + message.slice(1) : message;
  return begun.endsWith('.') ? begun : `${begun}.`;
}
