/** The user that has no rights of its own, on every Linux. */
export const NOBODY = 65_534;

/** Whether tests can start programs as {@link NOBODY}. */
export const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
