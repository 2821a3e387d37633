/** Wrong usage that shows only when a command runs: its sentence is told in one line, and the exit code is that of a wrong flag. */
export class UsageError extends Error {}
