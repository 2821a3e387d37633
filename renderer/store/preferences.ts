/** The part of the Web Storage interface that is needed, so that tests need no browser. */
export interface PreferenceStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'hopscope.ui';

/** What was stored, as an untrusted record; empty when there is nothing or nothing readable. */
export function readPreferences(storage: PreferenceStorage | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    console.warn('Stored view preferences are unreadable and are ignored.', error);
    return {};
  }
}

export function writePreferences(storage: PreferenceStorage | undefined, value: object): void {
  try {
    storage?.setItem(KEY, JSON.stringify(value));
  } catch (error) {
    // Storage may be full or forbidden; the view still works, it is only not remembered.
    console.warn('View preferences could not be stored.', error);
  }
}
