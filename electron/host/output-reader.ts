import { whyNotWritten } from '../engine/write-trouble.ts';

/** What shells report of a program that was ended because nobody read its output any more (SIGPIPE). */
const UNREAD = 141;

/** Has this process end quietly, as others do, when whoever reads its output has seen enough, as `head` has. */
export function endWithReader(): void {
  // Once, however often a command runs in this process.
  process.stdout.off('error', end).on('error', end);
}

function end(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(UNREAD);
  process.stderr.write(`hopscope: the output could not be written: ${whyNotWritten(error)}\n`);
  process.exit(1);
}

/**
 * Has this process, unlike one of {@link endWithReader}, go on when what it has to say cannot be written: nobody reads it any
 * more, or the disk of its file is full. There is nobody to tell.
 */
export function outlastReaders(): void {
  process.stdout.off('error', end);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
