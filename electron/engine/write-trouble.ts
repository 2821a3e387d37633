import { messageOf } from '../../shared/message-of.ts';

const FULL: readonly unknown[] = ['ENOSPC', 'EDQUOT'];
const FORBIDDEN: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS'];
/** What is wrong with a place, by the system's code. */
const NO_PLACE: Readonly<Record<string, string>> = {
  EISDIR: 'it is a directory',
  ENOENT: 'no file can be made there',
  ENOTDIR: 'a part of its path is no directory',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
};

/** Whether `error` says that there is no room left, on the disk or for this user. */
export function isDiskFull(error: unknown): boolean {
  return FULL.includes((error as NodeJS.ErrnoException | undefined)?.code);
}

/** Whether `error` says that a disk takes no more, or takes nothing from us. */
export function isWriteTrouble(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall !== 'listen' && (isDiskFull(error) || FORBIDDEN.includes(code));
}

/** Why something could not be written, as the end of a sentence. */
export function whyNotWritten(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (isDiskFull(error)) return 'the disk is full';
  if (FORBIDDEN.includes(code)) return `Hopscope may not write there (${String(code)})`;
  return NO_PLACE[code ?? ''] ?? messageOf(error);
}
