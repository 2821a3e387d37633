import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isValiError } from 'valibot';
import type { Settings, SettingsPatch } from '../../shared/settings.ts';
import { defaultSettings, describeIssues, mergeSettings } from '../../shared/settings.ts';
import { messageOf } from '../../shared/message-of.ts';
import { unknownSettings } from './unknown-settings.ts';
import { withoutMark } from './without-mark.ts';

/**
 * The settings that outlive a run, in `settings.json`. What flags override for one run is not written, and fields that
 * this version does not know are kept.
 */
export class SettingsFile {
  readonly path: string;
  /** What had to be reported when it was read. */
  readonly warning: string | undefined;
  /** What is worth a line in a log: names that nothing is done with, and that are kept. */
  readonly remark: string | undefined;
  #stored: Record<string, unknown>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, stored: Record<string, unknown>, warning?: string) {
    this.path = path;
    this.#stored = stored;
    this.warning = warning;
    const unknown = unknownSettings(stored);
    if (unknown.length > 0) {
      this.remark = `${path} names what is no setting of this version; it is left there, and does nothing: ${unknown.join(', ')}`;
    }
  }

  /**
   * Reads `settings.json` in `directory`. A file that cannot be read, is no JSON or holds invalid settings is set aside
   * under another name, as the next change would replace it, and defaults are used.
   */
  static async open(directory: string): Promise<SettingsFile> {
    const path = join(directory, 'settings.json');
    try {
      return new SettingsFile(path, await read(path));
    } catch (error) {
      if (isMissing(error)) return new SettingsFile(path, {});
      return new SettingsFile(path, {}, await setAside(path, error));
    }
  }

  /** What the next start on `directory` begins with. @throws when the file cannot be used, which is left as it is */
  static async peek(directory: string): Promise<Settings> {
    try {
      return mergeSettings(defaultSettings(), asPatch(await read(join(directory, 'settings.json'))));
    } catch (error) {
      if (isMissing(error)) return defaultSettings();
      throw error;
    }
  }

  /** The settings in the file, with defaults for what it does not say. */
  get settings(): Settings {
    return mergeSettings(defaultSettings(), asPatch(this.#stored));
  }

  /** Writes what changed from `before` to `after`; rejects when the file cannot be written. */
  save(before: Settings, after: Settings): Promise<void> {
    const stored: Record<string, unknown> = { ...this.#stored };
    for (const key of Object.keys(after) as (keyof Settings)[]) {
      if (isSame(before[key], after[key])) continue;
      stored[key] = mergeChanged(stored[key], before[key], after[key]);
    }
    this.#stored = stored;
    // One write at a time, each through a rename, so that the file is always whole.
    // Whoever asked for an earlier write was told of its failure.
    const write = (): Promise<void> => this.#write(JSON.stringify(stored, undefined, 2));
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }

  async #write(text: string): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const temporary = `${this.path}.${process.pid}.tmp`;
    await writeFile(temporary, `${text}\n`, { mode: 0o600 });
    await rename(temporary, this.path);
  }
}

/** @throws when the file is not there, is no JSON or holds invalid settings */
async function read(path: string): Promise<Record<string, unknown>> {
  const stored: unknown = JSON.parse(withoutMark(await readFile(path, 'utf8')));
  mergeSettings(defaultSettings(), asPatch(stored));
  return stored as Record<string, unknown>;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** What an error of reading settings has against them. */
export function whyUnusable(error: unknown): string {
  return isValiError(error) ? describeIssues(error.issues) : messageOf(error);
}

async function setAside(path: string, error: unknown): Promise<string> {
  const aside = path.replace(/\.json$/, `.corrupt-${new Date().toISOString().replace(/[:.]/g, '-')}.json`);
  const reason = whyUnusable(error);
  try {
    await rename(path, aside);
  } catch (renaming) {
    return `The settings in ${path} cannot be used (${reason}) and could not be set aside (${String(renaming)}). Defaults are used.`;
  }
  return `The settings in ${path} cannot be used (${reason}). The file is now ${aside}; defaults are used.`;
}

function asPatch(stored: unknown): SettingsPatch {
  if (typeof stored === 'object' && stored !== null && !Array.isArray(stored)) return stored;
  throw new Error('it is not a JSON object');
}

/** For a group only its changed keys, so that an override of another key does not become permanent. */
function mergeChanged(stored: unknown, before: unknown, after: unknown): unknown {
  if (!isGroup(before) || !isGroup(after)) return after;
  const changed = Object.entries(after).filter(([key, value]) => !isSame(before[key], value));
  return { ...(isGroup(stored) ? stored : {}), ...Object.fromEntries(changed) };
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
