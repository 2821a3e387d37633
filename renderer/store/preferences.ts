/** The part of the Web Storage interface that is needed, so that tests need no browser. */
export interface PreferenceStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'hopscope.ui';

/** The stored view preferences, as an untrusted record; empty when there are none or none readable. */
export function readPreferences(storage: PreferenceStorage | undefined): Readonly<Record<string, unknown>> {
  return readStored(storage, KEY);
}

export function writePreferences(storage: PreferenceStorage | undefined, value: object): void {
  writeStored(storage, KEY, value);
}

/** What was stored under `key`, as an untrusted record. */
export function readStored(storage: PreferenceStorage | undefined, key: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(key) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    console.warn('What was stored for the view is unreadable and is ignored.', error);
    return {};
  }
}

export function writeStored(storage: PreferenceStorage | undefined, key: string, value: object): void {
  try {
    storage?.setItem(key, JSON.stringify(value));
  } catch (error) {
    // Storage may be full or forbidden; the view still works, it is only not remembered.
    console.warn('View preferences could not be stored.', error);
  }
}
